package dev.narwhal.ingest;

import dev.narwhal.upload.Upload;

/** Nobody went on with the upload in time (tus 1.0.0, "Expiration"); its bytes are gone, or are about to go. */
public class UploadExpiredException extends RuntimeException {

    private final transient Upload upload;

    public UploadExpiredException(Upload upload) {
        super("Upload " + upload.id() + " has expired");
        this.upload = upload;
    }

    /** Whoever does not own it is told what is told of an upload that never was. */
    public boolean isOwnedBy(String owner) {
        return upload.owner().equals(owner);
    }
}
