package dev.narwhal.ingest;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.zip.Checksum;

/** The digest of a body while it comes in. For one thread. */
interface BodyDigest {

    /** Takes the bytes between position and limit. */
    void update(ByteBuffer bytes);

    /** The digest of everything taken. Called once. */
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

    /** A checksum of 32 bits, the most significant byte first. */
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
