package dev.narwhal.access;

import org.jspecify.annotations.Nullable;

/** How much a caller may use; no limit exists so far. */
public record Limits() {

    public static final Limits NONE = new Limits();

    /** As {@link #text} wrote it; null for none. */
    static Limits parse(@Nullable String text) {
        return NONE;
    }

    /** For the database; null for none. */
    @Nullable
    String text() {
        return null;
    }
}
