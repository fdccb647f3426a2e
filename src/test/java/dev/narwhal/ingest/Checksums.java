package dev.narwhal.ingest;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Checksums of bodies, as a request may announce them. */
final class Checksums {

    /** When a client tells the checksum. */
    enum When {
        BEFORE,
        AFTER
    }

    /** What is done when the checksum that follows the body is asked for. */
    interface AtEnd {
        void run() throws IOException;
    }

    private Checksums() {}

    static Verification of(byte[] content, When when) {
        return of(content, when, () -> {});
    }

    static Verification of(byte[] content, When when, AtEnd atEnd) {
        BodyDigest digest = ChecksumAlgorithm.SHA256.newDigest();
        digest.update(ByteBuffer.wrap(content));
        BodyChecksum checksum = new BodyChecksum(ChecksumAlgorithm.SHA256, digest.value());
        return new Sent(true, when == When.BEFORE ? checksum : null, checksum, atEnd);
    }

    static Verification none() {
        return none(() -> {});
    }

    static Verification none(AtEnd atEnd) {
        return new Sent(false, null, null, atEnd);
    }

    private record Sent(
            boolean isRequired,
            @Nullable BodyChecksum known,
            @Nullable BodyChecksum expected,
            AtEnd end) implements Verification {

        @Override
        public @Nullable BodyChecksum atEnd() throws IOException {
            end.run();
            return expected;
        }
    }
}
