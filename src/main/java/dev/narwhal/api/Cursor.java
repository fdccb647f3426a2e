package dev.narwhal.api;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * The place in a list where the next page begins: the keys of the last row seen, and which list it was. Opaque to the
 * client, but not secret and not signed: a changed cursor only begins at another place of what the caller may see.
 *
 * @param list names the list and its order; a cursor of another list is refused
 * @param keys none contains a line break
 */
public record Cursor(String list, List<String> keys) {

    private static final String SEPARATOR = "\n";
    private static final int LONGEST = 512;

    public Cursor {
        keys = List.copyOf(keys);
    }

    public static Cursor of(String list, Object... keys) {
        return new Cursor(list, Arrays.stream(keys).map(String::valueOf).toList());
    }

    /** In base64url, without padding. */
    public String text() {
        String joined = list + SEPARATOR + String.join(SEPARATOR, keys);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(joined.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * @param list as {@link #of} got it
     * @param size number of keys
     * @throws ApiProblem 400 when the text is no cursor of that list
     */
    public static Cursor parse(String text, String list, int size) {
        List<String> fields = fields(text);
        if (fields.size() != size + 1 || !fields.getFirst().equals(list)) {
            throw new ApiProblem(ApiError.INVALID_CURSOR);
        }
        return new Cursor(list, fields.subList(1, fields.size()));
    }

    private static List<String> fields(String text) {
        if (text.length() > LONGEST) {
            throw new ApiProblem(ApiError.INVALID_CURSOR);
        }
        try {
            String joined = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
            return List.of(joined.split(SEPARATOR, -1));
        } catch (IllegalArgumentException e) {
            throw new ApiProblem(ApiError.INVALID_CURSOR);
        }
    }

    /** @throws ApiProblem 400 when that key is no time */
    public Instant time(int key) {
        try {
            return Instant.parse(keys.get(key));
        } catch (DateTimeException e) {
            throw new ApiProblem(ApiError.INVALID_CURSOR);
        }
    }

    /** @throws ApiProblem 400 when that key is no whole number */
    public long number(int key) {
        try {
            return Long.parseLong(keys.get(key));
        } catch (NumberFormatException e) {
            throw new ApiProblem(ApiError.INVALID_CURSOR);
        }
    }

    public String word(int key) {
        return keys.get(key);
    }
}
