package dev.narwhal.ingest;

import dev.narwhal.upload.UploadId;

/** The server is being stopped and takes no bodies any more; what had come of this one is recorded. Transient. */
public class ServerStoppingException extends RuntimeException {

    public ServerStoppingException(UploadId id) {
        super("Upload " + id + ": the server is being stopped");
    }
}
