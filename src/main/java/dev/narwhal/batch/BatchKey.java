package dev.narwhal.batch;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the id of a batch from an Upload-Metadata header (tus 1.0.0, "Creation"), which the server has validated. */
final class BatchKey {

    /** The longest id. */
    static final int LONGEST = 128;

    private static final String KEY = "batch";
    private static final Pattern ONLY_DOTS = Pattern.compile("\\.+");

    private BatchKey() {}

    /**
     * Empty without the key, and for a value that is no id, since no path can name it: blank, longer than {@value #LONGEST} characters, only
     * dots, or with a slash, a backslash or a control character.
     */
    static Optional<String> of(@Nullable String header) {
        if (header == null || !header.contains(KEY)) {
            return Optional.empty();
        }
        for (String pair : header.split(",")) {
            String[] keyAndValue = pair.strip().split(" +", 2);
            if (keyAndValue.length == 2 && keyAndValue[0].equals(KEY)) {
                return Optional.of(decoded(keyAndValue[1])).filter(BatchKey::isId);
            }
        }
        return Optional.empty();
    }

    private static String decoded(String base64) {
        try {
            return new String(Base64.getDecoder().decode(base64.strip()), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    private static boolean isId(String text) {
        return !text.isBlank()
                && text.length() <= LONGEST
                && !ONLY_DOTS.matcher(text).matches()
                && text.chars().noneMatch(c -> Character.isISOControl(c) || c == '/' || c == '\\');
    }
}
