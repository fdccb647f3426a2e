package dev.narwhal.ingest;

import dev.narwhal.upload.UploadId;

/**
 * The server is being stopped and takes no more bodies. The received bytes of this body are recorded, unless it has a
 * checksum. Transient.
 */
public class ServerStoppingException extends RuntimeException {

    public ServerStoppingException(UploadId id) {
        super("Upload " + id + ": the server is being stopped");
    }
}
