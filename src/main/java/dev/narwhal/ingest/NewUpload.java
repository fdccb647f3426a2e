package dev.narwhal.ingest;

import dev.narwhal.upload.UploadKind;
import org.jspecify.annotations.Nullable;

/**
 * What a client asks for when it creates an upload; the fields are those of {@link dev.narwhal.upload.Upload}.
 *
 * @param length total bytes, at least 0; null when the client will declare it later
 */
public record NewUpload(
        String owner,
        UploadKind kind,
        @Nullable Long length,
        @Nullable String metadata,
        @Nullable String filename,
        @Nullable String contentType,
        @Nullable String concat) {}
