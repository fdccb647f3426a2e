package dev.narwhal.protocol.tus;

import me.desair.tus.server.upload.UploadId;
import me.desair.tus.server.upload.UploadIdFactory;
import me.desair.tus.server.upload.UploadLock;
import me.desair.tus.server.upload.UploadLockingService;
import org.jspecify.annotations.Nullable;

/** Keeps the engine from locking files: leases are taken by {@link TusEngine#process}, with method and request in hand. */
final class NoEngineLocking implements UploadLockingService {

    @Override
    public @Nullable UploadLock lockUploadByUri(String requestUri) {
        return null;
    }

    @Override
    public void cleanupStaleLocks() {
        // There are none.
    }

    @Override
    public boolean isLocked(UploadId id) {
        return false;
    }

    @Override
    public void setIdFactory(UploadIdFactory idFactory) {
        // Ids are not read here.
    }
}
