package dev.narwhal.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Tuple;

/** What a request says about the checksum of its body. */
enum BodySum {
    NONE,
    RIGHT,
    WRONG,
    MALFORMED;

    static Arbitrary<BodySum> any() {
        return Arbitraries.frequency(Tuple.of(6, NONE), Tuple.of(3, RIGHT), Tuple.of(2, WRONG), Tuple.of(1, MALFORMED));
    }

    /** Name and value; nothing where there is none. */
    List<String> header(byte[] body) {
        return switch (this) {
            case NONE -> List.of();
            case RIGHT -> List.of("Upload-Checksum", "sha256 " + digest(body));
            case WRONG -> List.of("Upload-Checksum", "sha256 " + digest((body.length + "wrong").getBytes(UTF_8)));
            case MALFORMED -> List.of("Upload-Checksum", "sha256 AAAA");
        };
    }

    private static String digest(byte[] bytes) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
