package dev.narwhal.ingest;

import java.io.IOException;
import java.nio.ByteBuffer;

/** A body where no byte is wanted: there is nothing to store, but it is read to its end, and has a checksum like others. */
public final class EmptyBody {

    private EmptyBody() {}

    /**
     * @param offset the upload's offset; 0 before there is one
     * @throws BodyTooLargeException when there is a byte
     * @throws ChecksumMismatchException when it has a checksum, which is not that of no bytes
     * @throws IOException when the body ends early, or is refused for what comes at its end
     */
    public static void receive(ChunkSource body, long offset, Verification verification) throws IOException {
        // What is known to be empty need not be read, except for what may follow it.
        if ((body.announcedBytes() != 0 || verification.isRequired()) && body.read(ByteBuffer.allocate(1)) > 0) {
            throw new BodyTooLargeException(offset);
        }
        new BodyVerifier(verification).finish(offset, digest -> {});
    }
}
