package dev.narwhal.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;
import org.junit.jupiter.api.Assumptions;

/** Values of Upload-Checksum. */
final class Digests {

    private Digests() {}

    /** The right value for these bytes, for any algorithm that a server may list and the JDK has. */
    static String checksum(String algorithm, byte[] bytes) {
        return algorithm + " " + Base64.getEncoder().encodeToString(digest(algorithm, bytes));
    }

    /** Skips the test when somebody else's server does not have the algorithm. */
    static void assumeListed(TusClient tus, String algorithm) throws IOException {
        String listed = tus.send(RawRequest.of("OPTIONS", tus.creationUrl()))
                .header("Tus-Checksum-Algorithm")
                .orElse("");
        Assumptions.assumeTrue(
                !TusServer.isForeign() || List.of(listed.split(" *, *")).contains(algorithm),
                Offer.NOT_OFFERED + algorithm);
    }

    static String sha1(byte[] bytes) {
        return checksum("sha1", bytes);
    }

    static String sha1(String text) {
        return sha1(text.getBytes(UTF_8));
    }

    private static byte[] digest(String algorithm, byte[] bytes) {
        return switch (algorithm) {
            case "crc32" -> value(new CRC32(), bytes);
            case "crc32c" -> value(new CRC32C(), bytes);
            default -> message(algorithm.replaceFirst("^sha", "sha-"), bytes);
        };
    }

    private static byte[] message(String name, byte[] bytes) {
        try {
            return MessageDigest.getInstance(name).digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static byte[] value(Checksum checksum, byte[] bytes) {
        checksum.update(bytes);
        return ByteBuffer.allocate(4).putInt((int) checksum.getValue()).array();
    }
}
