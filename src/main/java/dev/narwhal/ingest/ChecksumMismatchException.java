package dev.narwhal.ingest;

import java.io.IOException;

/** The body does not match its checksum. Nothing of it is kept. */
public class ChecksumMismatchException extends IOException {

    private final long offset;

    public ChecksumMismatchException(long offset) {
        super("The body at offset " + offset + " does not have the checksum that was sent for it");
        this.offset = offset;
    }

    /** The upload's offset, unchanged by this body. */
    public long offset() {
        return offset;
    }
}
