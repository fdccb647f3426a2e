package dev.narwhal.ingest;

import dev.narwhal.upload.UploadId;

/** There is no such upload, or the caller does not own it: the client is not told which. */
public class UploadNotFoundException extends RuntimeException {

    public UploadNotFoundException(UploadId id) {
        super("Upload " + id + " is not there");
    }
}
