package dev.narwhal.batch;

import dev.narwhal.upload.UploadMetadata;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the id of a batch from an Upload-Metadata header (tus 1.0.0, "Creation"), which the server has validated. */
public final class BatchKey {

    /** The longest id. */
    static final int LONGEST = 128;

    private static final String KEY = "batch";
    private static final Pattern ONLY_DOTS = Pattern.compile("\\.+");

    private BatchKey() {}

    /**
     * Empty without the key, and for a value that is no id, since no path can name it: blank, longer than {@value #LONGEST} characters, only
     * dots, or with a slash, a backslash or a control character.
     */
    public static Optional<String> of(@Nullable String header) {
        if (header == null || !header.contains(KEY)) {
            return Optional.empty();
        }
        return Optional.of(UploadMetadata.of(header).value(KEY)).filter(BatchKey::isId);
    }

    private static boolean isId(String text) {
        return !text.isBlank()
                && text.length() <= LONGEST
                && !ONLY_DOTS.matcher(text).matches()
                && text.chars().noneMatch(c -> Character.isISOControl(c) || c == '/' || c == '\\');
    }
}
