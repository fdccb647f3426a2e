package dev.narwhal.ingest;

import java.io.IOException;

/** A body ended early. All bytes received before are kept and recorded, unless the body has a checksum. */
public class BodyInterruptedException extends IOException {

    /** How it ended. */
    public enum Reason {
        /** The connection broke or the client went away. */
        CUT,
        /** The client was silent for longer than {@code narwhal.upload.body-timeout}. */
        SILENT,
        /** The client sent fewer bytes than {@code narwhal.upload.minimum-rate} asks for. */
        SLOW,
        /** The framing of the body is wrong (chunk sizes, trailers). */
        MALFORMED
    }

    private final Reason reason;

    public BodyInterruptedException(Reason reason, Throwable cause) {
        super("The body ended early: " + reason, cause);
        this.reason = reason;
    }

    public BodyInterruptedException(Reason reason) {
        super("The body ended early: " + reason);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
