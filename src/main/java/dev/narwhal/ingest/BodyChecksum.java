package dev.narwhal.ingest;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** The digest that a client states for a body. */
public final class BodyChecksum {

    private final ChecksumAlgorithm algorithm;
    private final byte[] digest;

    /** @throws IllegalArgumentException when the digest has another length than the algorithm's */
    public BodyChecksum(ChecksumAlgorithm algorithm, byte[] digest) {
        if (digest.length != algorithm.digestLength()) {
            throw new IllegalArgumentException("A digest of " + algorithm.wireName() + " has "
                    + algorithm.digestLength() + " bytes, not " + digest.length);
        }
        this.algorithm = algorithm;
        this.digest = digest.clone();
    }

    ChecksumAlgorithm algorithm() {
        return algorithm;
    }

    /** Compares in constant time: the duration does not tell at which byte the two differ. */
    boolean matches(byte[] computed) {
        return MessageDigest.isEqual(digest, computed);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof BodyChecksum that && algorithm == that.algorithm && matches(that.digest);
    }

    @Override
    public int hashCode() {
        return 31 * algorithm.hashCode() + Arrays.hashCode(digest);
    }

    @Override
    public String toString() {
        return algorithm.wireName() + " " + HexFormat.of().formatHex(digest);
    }
}
