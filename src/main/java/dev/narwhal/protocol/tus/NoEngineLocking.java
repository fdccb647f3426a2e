package dev.narwhal.protocol.tus;

import me.desair.tus.server.upload.UploadId;
import me.desair.tus.server.upload.UploadIdFactory;
import me.desair.tus.server.upload.UploadLock;
import me.desair.tus.server.upload.UploadLockingService;
import org.jspecify.annotations.Nullable;

/** Disables the engine's file locks: {@link TusEngine#process} takes the lease, when method and request are known. */
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
        // No id is parsed here.
    }
}
