package dev.narwhal.api.creation;

import dev.narwhal.upload.UploadDescription;
import dev.narwhal.upload.UploadMetadata;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request to create an upload for a client.
 *
 * @param length bytes; null when the client declares the length later
 * @param metadata pairs of Upload-Metadata
 * @param key of the object at the destination; the destination's template makes it by default
 * @param expireAfter how long the unfinished upload is kept after its last byte: a duration of ISO 8601; the server's
 *     setting by default
 * @param owner of the upload; for administrators, else the caller
 */
record NewUploadRequest(
        @Nullable Long length,
        @Nullable Map<String, String> metadata,
        @Nullable String key,
        @Nullable String expireAfter,
        @Nullable String owner) {

    @Nullable
    Duration idle() {
        return Wanted.duration("expireAfter", expireAfter);
    }

    UploadDescription description() {
        String header = Wanted.metadata(metadata);
        UploadMetadata read = UploadMetadata.of(header);
        return new UploadDescription(
                header, read.filename().orElse(null), read.contentType().orElse(null), null);
    }
}
