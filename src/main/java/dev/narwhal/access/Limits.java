package dev.narwhal.access;

import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.json.JsonParserFactory;

/**
 * How much may be used, by one owner or with one key. Null for no limit.
 *
 * @param stagedBytes bytes of all uploads that are neither delivered nor over: the declared length from the creation on, or
 *     what has come while the length is not declared; at least 0
 * @param activeUploads unfinished uploads at a time, finals not counted; at least 0
 * @param uploadSize bytes of one upload; at least 0
 * @param creationsPerSecond at least 1
 * @param requestsPerSecond at least 1
 * @param bytesPerSecond of the bodies of all requests together; at least 1
 */
public record Limits(
        @Nullable Long stagedBytes,
        @Nullable Long activeUploads,
        @Nullable Long uploadSize,
        @Nullable Long creationsPerSecond,
        @Nullable Long requestsPerSecond,
        @Nullable Long bytesPerSecond) {

    public static final Limits NONE = new Limits(null, null, null, null, null, null);

    public Limits {
        requireAtLeast(0, stagedBytes, "staged bytes");
        requireAtLeast(0, activeUploads, "active uploads");
        requireAtLeast(0, uploadSize, "bytes of one upload");
        requireAtLeast(1, creationsPerSecond, "creations per second");
        requireAtLeast(1, requestsPerSecond, "requests per second");
        requireAtLeast(1, bytesPerSecond, "bytes per second");
    }

    private static void requireAtLeast(long least, @Nullable Long value, String what) {
        if (value != null && value < least) {
            throw new IllegalArgumentException("A limit of " + value + " " + what + " is less than " + least);
        }
    }

    public boolean isNone() {
        return equals(NONE);
    }

    /** True when the use that the database counts is limited. */
    public boolean limitsUse() {
        return stagedBytes != null || activeUploads != null;
    }

    /** Both at once: of each limit the stricter. */
    public Limits and(Limits other) {
        if (other.isNone()) {
            return this;
        }
        return new Limits(
                stricter(stagedBytes, other.stagedBytes),
                stricter(activeUploads, other.activeUploads),
                stricter(uploadSize, other.uploadSize),
                stricter(creationsPerSecond, other.creationsPerSecond),
                stricter(requestsPerSecond, other.requestsPerSecond),
                stricter(bytesPerSecond, other.bytesPerSecond));
    }

    private static @Nullable Long stricter(@Nullable Long one, @Nullable Long other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return Math.min(one, other);
    }

    /** As {@link #text} wrote it; null for none. Ignores names that it does not know. */
    static Limits parse(@Nullable String text) {
        if (text == null) {
            return NONE;
        }
        Map<String, Object> values = JsonParserFactory.getJsonParser().parseMap(text);
        return new Limits(
                number(values, "stagedBytes"),
                number(values, "activeUploads"),
                number(values, "uploadSize"),
                number(values, "creationsPerSecond"),
                number(values, "requestsPerSecond"),
                number(values, "bytesPerSecond"));
    }

    private static @Nullable Long number(Map<String, Object> values, String name) {
        return values.get(name) instanceof Number number ? number.longValue() : null;
    }

    /** For the database: a JSON object; null for none. */
    @Nullable
    String text() {
        if (isNone()) {
            return null;
        }
        StringJoiner json = new StringJoiner(",", "{", "}");
        add(json, "stagedBytes", stagedBytes);
        add(json, "activeUploads", activeUploads);
        add(json, "uploadSize", uploadSize);
        add(json, "creationsPerSecond", creationsPerSecond);
        add(json, "requestsPerSecond", requestsPerSecond);
        add(json, "bytesPerSecond", bytesPerSecond);
        return json.toString();
    }

    private static void add(StringJoiner json, String name, @Nullable Long value) {
        if (value != null) {
            json.add('"' + name + "\":" + value);
        }
    }
}
