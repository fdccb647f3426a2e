package dev.narwhal.ingest;

import dev.narwhal.upload.UploadDescription;
import dev.narwhal.upload.UploadKind;
import org.jspecify.annotations.Nullable;

/**
 * What a client asks for when it creates an upload.
 *
 * @param length total bytes, at least 0; null when the client will declare it later
 */
public record NewUpload(
        String owner, UploadKind kind, @Nullable Long length, UploadDescription description) {}
