package dev.narwhal.upload;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The name of an upload: 32 lower-case hexadecimal digits, 128 random bits. Each id has exactly one spelling, so that no alias
 * passes a proxy's rule that matches the path.
 */
public record UploadId(String value) {

    private static final int BYTES = 16;
    private static final SecureRandom RANDOM = new SecureRandom();

    public UploadId {
        if (!isValid(value)) {
            throw new IllegalArgumentException("An upload id is 32 lower-case hexadecimal digits, not '" + value + "'");
        }
    }

    public static UploadId random() {
        byte[] bits = new byte[BYTES];
        RANDOM.nextBytes(bits);
        return new UploadId(HexFormat.of().formatHex(bits));
    }

    /** Empty for any text but the one spelling of an id; never throws. */
    public static Optional<UploadId> parse(String text) {
        return isValid(text) ? Optional.of(new UploadId(text)) : Optional.empty();
    }

    private static boolean isValid(String text) {
        return text.length() == 2 * BYTES && text.chars().allMatch(UploadId::isLowerHex);
    }

    private static boolean isLowerHex(int c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    }

    @Override
    public String toString() {
        return value;
    }
}
