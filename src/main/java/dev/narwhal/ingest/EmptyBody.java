package dev.narwhal.ingest;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Receives a body that must be empty: it has nothing to store, but is read to its end and compared with its checksum.
 */
public final class EmptyBody {

    private EmptyBody() {}

    /**
     * @param offset the upload's offset; 0 before the upload exists
     * @throws BodyTooLargeException when the body has a byte
     * @throws ChecksumMismatchException when the body has a checksum that is not that of no bytes
     * @throws IOException when the body ends early, or a trailer is refused
     */
    public static void receive(ChunkSource body, long offset, Verification verification) throws IOException {
        // A body announced as empty is read only if a trailer may follow it.
        if ((body.announcedBytes() != 0 || verification.isRequired()) && body.read(ByteBuffer.allocate(1)) > 0) {
            throw new BodyTooLargeException(offset);
        }
        new BodyVerifier(verification).finish(offset, digest -> {});
    }
}
