package dev.narwhal.ingest;

import dev.narwhal.access.Caller;
import dev.narwhal.upload.UploadDescription;
import dev.narwhal.upload.UploadKind;
import org.jspecify.annotations.Nullable;

/**
 * A client's request for a new upload.
 *
 * @param caller owner of the upload
 * @param length total bytes, at least 0; null when the client will declare it later
 */
public record NewUpload(
        Caller caller, UploadKind kind, @Nullable Long length, UploadDescription description) {}
