package dev.narwhal.ingest;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.zip.Checksum;

/** Computes the digest of a body as its bytes arrive. For one thread. */
interface BodyDigest {

    /** Takes the bytes between position and limit. */
    void update(ByteBuffer bytes);

    /** The digest of all bytes passed to {@link #update}. Called once. */
    byte[] value();

    static BodyDigest of(MessageDigest digest) {
        return new BodyDigest() {
            @Override
            public void update(ByteBuffer bytes) {
                digest.update(bytes);
            }

            @Override
            public byte[] value() {
                return digest.digest();
            }
        };
    }

    /** A 32-bit checksum, most significant byte first. */
    static BodyDigest of(Checksum checksum) {
        return new BodyDigest() {
            @Override
            public void update(ByteBuffer bytes) {
                checksum.update(bytes);
            }

            @Override
            public byte[] value() {
                return ByteBuffer.allocate(Integer.BYTES)
                        .putInt((int) checksum.getValue())
                        .array();
            }
        };
    }
}
