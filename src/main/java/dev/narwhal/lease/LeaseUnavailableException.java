package dev.narwhal.lease;

import dev.narwhal.upload.UploadId;

/** Somebody else writes to the upload and did not let go in time. Transient: the client should ask again. */
public class LeaseUnavailableException extends RuntimeException {

    public LeaseUnavailableException(UploadId id) {
        super("Upload " + id + " is being written by another request");
    }
}
