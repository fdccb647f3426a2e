package dev.narwhal.ingest;

import dev.narwhal.upload.UploadId;

/** The upload has expired (tus 1.0.0, "Expiration"); its bytes have been removed, or are about to be. */
public class UploadExpiredException extends RuntimeException {

    public UploadExpiredException(UploadId id) {
        super("Upload " + id + " has expired");
    }
}
