package dev.narwhal.ingest;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/**
 * The supported checksum algorithms, in the order in which the server lists them: SHA-1, which the specification
 * requires, comes first.
 */
public enum ChecksumAlgorithm {
    /** 20 bytes. */
    SHA1("sha1", 20, messageDigest("SHA-1")),
    /** 32 bytes. */
    SHA256("sha256", 32, messageDigest("SHA-256")),
    /** 48 bytes. */
    SHA384("sha384", 48, messageDigest("SHA-384")),
    /** 64 bytes. */
    SHA512("sha512", 64, messageDigest("SHA-512")),
    /** 16 bytes. */
    MD5("md5", 16, messageDigest("MD5")),
    /** The CRC-32 of zip and Ethernet; 4 bytes, the most significant first. */
    CRC32("crc32", 4, () -> BodyDigest.of(new CRC32())),
    /** CRC-32C, Castagnoli's polynomial; 4 bytes, the most significant first. */
    CRC32C("crc32c", 4, () -> BodyDigest.of(new CRC32C()));

    private final String wireName;
    private final int digestLength;
    private final Supplier<BodyDigest> digests;

    ChecksumAlgorithm(String wireName, int digestLength, Supplier<BodyDigest> digests) {
        this.wireName = wireName;
        this.digestLength = digestLength;
        this.digests = digests;
    }

    /** The case-sensitive, lower-case name in headers. */
    public String wireName() {
        return wireName;
    }

    /** The size of a digest in bytes. */
    public int digestLength() {
        return digestLength;
    }

    /** Finds the algorithm with exactly that name. */
    public static Optional<ChecksumAlgorithm> named(String wireName) {
        return Arrays.stream(values())
                .filter(algorithm -> algorithm.wireName.equals(wireName))
                .findFirst();
    }

    BodyDigest newDigest() {
        return digests.get();
    }

    private static Supplier<BodyDigest> messageDigest(String name) {
        return () -> {
            try {
                return BodyDigest.of(MessageDigest.getInstance(name));
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("This Java runtime does not have " + name, e);
            }
        };
    }
}
