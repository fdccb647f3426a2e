package dev.narwhal.upload;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The name of an upload: 32 lower-case hexadecimal digits. Each id has exactly one spelling, so that no alias passes a proxy's rule
 * that matches the path.
 */
public record UploadId(String value) {

    private static final int BYTES = 16;
    private static final SecureRandom RANDOM = new SecureRandom();

    /** An id begins with six bits that {@code 1 << NEIGHBOURS} ids in a row have in common. */
    private static final int NEIGHBOURS = 14;

    private static final int RANDOM_BITS_OF_THE_FIRST = 2;
    private static final int ALL = (1 << RANDOM_BITS_OF_THE_FIRST) - 1;
    private static final AtomicLong MADE = new AtomicLong(RANDOM.nextLong());

    public UploadId {
        if (!isValid(value)) {
            throw new IllegalArgumentException("An upload id is 32 lower-case hexadecimal digits, not '" + value + "'");
        }
    }

    /**
     * A new id with 122 random bits. The first six bits are those of the ids made just before: an index by id then has the new
     * rows in a sixty-fourth of its pages, and a commit does not change pages all over the file.
     */
    public static UploadId random() {
        byte[] bits = new byte[BYTES];
        RANDOM.nextBytes(bits);
        long neighbourhood = MADE.getAndIncrement() >> NEIGHBOURS;
        bits[0] = (byte) (neighbourhood << RANDOM_BITS_OF_THE_FIRST | bits[0] & ALL);
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
