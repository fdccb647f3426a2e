package dev.narwhal.lease;

import dev.narwhal.upload.UploadId;

/** Another request is writing to the upload and did not let go in time. Transient: the client should retry. */
public class LeaseUnavailableException extends RuntimeException {

    public LeaseUnavailableException(UploadId id) {
        super("Upload " + id + " is being written by another request");
    }
}
