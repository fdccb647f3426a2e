package dev.narwhal.protocol.tus;

import java.io.Serializable;
import me.desair.tus.server.upload.UploadId;
import me.desair.tus.server.upload.UploadIdFactory;
import org.jspecify.annotations.Nullable;

/** Parses upload ids for the engine: the last segment of a path or URL, in its only valid spelling. */
final class EngineIdFactory extends UploadIdFactory {

    @Override
    public @Nullable UploadId readUploadId(@Nullable String url) {
        if (url == null) {
            return null;
        }
        Serializable id = getIdValueIfValid(url.substring(url.lastIndexOf('/') + 1));
        return id == null ? null : new UploadId(id);
    }

    @Override
    public UploadId createId() {
        return new UploadId(dev.narwhal.upload.UploadId.random().value());
    }

    @Override
    protected @Nullable Serializable getIdValueIfValid(String extractedUrlId) {
        return dev.narwhal.upload.UploadId.parse(extractedUrlId)
                .map(dev.narwhal.upload.UploadId::value)
                .orElse(null);
    }
}
