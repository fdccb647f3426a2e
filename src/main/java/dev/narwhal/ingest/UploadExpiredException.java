package dev.narwhal.ingest;

import dev.narwhal.upload.UploadId;

/** Nobody went on with the upload in time (tus 1.0.0, "Expiration"); its bytes are gone, or are about to go. */
public class UploadExpiredException extends RuntimeException {

    public UploadExpiredException(UploadId id) {
        super("Upload " + id + " has expired");
    }
}
