package dev.narwhal.ingest;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Compares one body with its checksum, and computes no other digest. Only the thread that reads the body may use it.
 */
final class BodyVerifier {

    private final Verification verification;
    private final @Nullable BodyDigest digest;

    BodyVerifier(Verification verification) {
        this.verification = verification;
        BodyChecksum known = verification.known();
        this.digest = known == null ? null : known.algorithm().newDigest();
    }

    boolean isRequired() {
        return verification.isRequired();
    }

    /** Reads from the body, and adds the bytes to the digest if there is one. */
    int read(ChunkSource body, ByteBuffer room) throws BodyInterruptedException {
        // The container's read leaves position and limit undefined.
        ByteBuffer filled = digest == null ? room : room.slice();
        int read = body.read(room);
        if (digest != null && read > 0) {
            digest.update(filled.limit(read));
        }
        return read;
    }

    /** Adds the whole staged body to a digest. */
    interface ReadBack {
        void into(BodyDigest digest) throws IOException;
    }

    /**
     * @param offset the upload's offset at which the body began
     * @throws ChecksumMismatchException when the body does not match its checksum
     * @throws IOException when the body is refused for another reason, or cannot be read back
     */
    void finish(long offset, ReadBack readBack) throws IOException {
        BodyChecksum expected = verification.atEnd();
        if (expected == null) {
            return;
        }
        BodyDigest computed = digest;
        if (computed == null) {
            computed = expected.algorithm().newDigest();
            readBack.into(computed);
        }
        if (!expected.matches(computed.value())) {
            throw new ChecksumMismatchException(offset);
        }
    }
}
