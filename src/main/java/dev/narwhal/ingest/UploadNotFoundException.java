package dev.narwhal.ingest;

import dev.narwhal.upload.UploadId;

/** There is no such upload, or it is not the caller's: both look the same. */
public class UploadNotFoundException extends RuntimeException {

    public UploadNotFoundException(UploadId id) {
        super("Upload " + id + " is not there");
    }
}
