package dev.narwhal.ingest;

import dev.narwhal.upload.UploadId;

/** Another request has, or just had, the upload; its offset may have moved. Transient: ask for the offset and go on. */
public class UploadOvertakenException extends RuntimeException {

    public UploadOvertakenException(UploadId id) {
        super("Upload " + id + " was taken over by another request");
    }
}
