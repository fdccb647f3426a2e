package dev.narwhal.ingest;

import java.io.IOException;

/** The body is not what its client says it sent. Nothing of it is kept. */
public class ChecksumMismatchException extends IOException {

    private final long offset;

    public ChecksumMismatchException(long offset) {
        super("The body at offset " + offset + " does not have the checksum that was sent for it");
        this.offset = offset;
    }

    /** The upload's offset, which is the one before this body. */
    public long offset() {
        return offset;
    }
}
