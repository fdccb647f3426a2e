package dev.narwhal.ingest;

import java.io.IOException;

/**
 * The body has more bytes than the upload has room for. The bytes up to the upload's end are kept, unless the body
 * has a checksum.
 */
public class BodyTooLargeException extends IOException {

    private final long offset;

    public BodyTooLargeException(long offset) {
        super("The body goes on after byte " + offset + ", where the upload ends");
        this.offset = offset;
    }

    /** The upload's offset after this body. */
    public long offset() {
        return offset;
    }
}
