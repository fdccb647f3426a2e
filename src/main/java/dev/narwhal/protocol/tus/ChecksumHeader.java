package dev.narwhal.protocol.tus;

import dev.narwhal.ingest.BodyChecksum;
import dev.narwhal.ingest.ChecksumAlgorithm;
import java.util.Arrays;
import java.util.Base64;
import java.util.stream.Collectors;
import me.desair.tus.server.HttpHeader;

/** The value of Upload-Checksum: an algorithm, one space, the digest in Base64, and nothing else (T122 to T125). */
final class ChecksumHeader {

    static final String NAME = HttpHeader.UPLOAD_CHECKSUM;

    private ChecksumHeader() {}

    /**
     * The Base64 padding may be missing.
     *
     * @throws TusProblem with a sentence that says what is wrong
     */
    static BodyChecksum parse(String value) throws TusProblem {
        if (value.isEmpty()) {
            throw malformed("is empty");
        }
        int blank = value.indexOf(' ');
        if (blank < 0) {
            throw malformed("has no blank, and so no digest");
        }
        ChecksumAlgorithm algorithm = algorithm(value.substring(0, blank));
        return new BodyChecksum(algorithm, digest(algorithm, value.substring(blank + 1)));
    }

    /** The value of Tus-Checksum-Algorithm. */
    static String algorithms() {
        return Arrays.stream(ChecksumAlgorithm.values())
                .map(ChecksumAlgorithm::wireName)
                .collect(Collectors.joining(","));
    }

    private static ChecksumAlgorithm algorithm(String name) throws TusProblem {
        return ChecksumAlgorithm.named(name)
                .orElseThrow(() -> new TusProblem(
                        TusError.UNKNOWN_CHECKSUM_ALGORITHM,
                        NAME + " names an algorithm that is not one of " + algorithms() + "."));
    }

    private static byte[] digest(ChecksumAlgorithm algorithm, String encoded) throws TusProblem {
        if (encoded.contains(" ")) {
            throw malformed("has more than one blank");
        }
        byte[] digest = decoded(encoded);
        if (digest.length != algorithm.digestLength()) {
            throw malformed("has a digest of " + digest.length + " bytes, where " + algorithm.wireName() + " has "
                    + algorithm.digestLength());
        }
        return digest;
    }

    private static byte[] decoded(String encoded) throws TusProblem {
        try {
            return Base64.getDecoder().decode(encoded);
        } catch (IllegalArgumentException e) {
            throw malformed("has a digest that is not Base64");
        }
    }

    private static TusProblem malformed(String what) {
        return new TusProblem(
                TusError.INVALID_CHECKSUM,
                NAME + " " + what + "; it is an algorithm, one blank and a digest in Base64.");
    }
}
