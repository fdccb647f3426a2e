package dev.narwhal.ingest;

import dev.narwhal.upload.UploadId;

/**
 * Another request holds the upload, or has just held it; the offset may have moved. Transient: the client asks for
 * the offset and continues.
 */
public class UploadOvertakenException extends RuntimeException {

    public UploadOvertakenException(UploadId id) {
        super("Upload " + id + " was taken over by another request");
    }
}
