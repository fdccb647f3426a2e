package dev.narwhal.access;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a caller's new uploads must be like.
 *
 * @param types media types such as {@code image/png} or {@code image/*}; empty for any
 * @param metadata pairs in the form of Upload-Metadata, which replace the client's; null for none
 * @param maxSize bytes of each upload; null for the server's limit
 */
public record CreationRules(
        List<String> types,
        @Nullable String metadata,
        @Nullable Long maxSize) {

    public static final CreationRules NONE = new CreationRules(List.of(), null, null);

    public CreationRules {
        types = List.copyOf(types);
    }

    /** {@link Long#MAX_VALUE} without a limit. */
    public long largestUpload() {
        return maxSize == null ? Long.MAX_VALUE : maxSize;
    }

    /** @param type as the client states it, with or without parameters; null when it states none */
    public boolean allows(@Nullable String type) {
        if (types.isEmpty()) {
            return true;
        }
        String stated = type == null ? "" : type.replaceFirst(";.*", "").strip().toLowerCase(Locale.ROOT);
        return types.stream()
                .map(allowed -> allowed.toLowerCase(Locale.ROOT))
                .anyMatch(allowed -> matches(allowed, stated));
    }

    private static boolean matches(String allowed, String stated) {
        return allowed.endsWith("/*")
                ? stated.startsWith(allowed.substring(0, allowed.length() - 1))
                : stated.equals(allowed);
    }

    /** The client's pairs without those that are fixed, and then the fixed ones. */
    public @Nullable String merge(@Nullable String sent) {
        if (metadata == null) {
            return sent;
        }
        StringBuilder merged = new StringBuilder();
        for (String pair : sent == null ? new String[0] : sent.split(",", -1)) {
            if (!isFixed(keyOf(pair))) {
                merged.append(pair.strip()).append(',');
            }
        }
        return merged.append(metadata).toString();
    }

    private boolean isFixed(String key) {
        for (String pair : metadata == null ? new String[0] : metadata.split(",", -1)) {
            if (keyOf(pair).equals(key)) {
                return true;
            }
        }
        return false;
    }

    private static String keyOf(String pair) {
        String text = pair.strip();
        int blank = text.indexOf(' ');
        return blank < 0 ? text : text.substring(0, blank);
    }
}
