package dev.narwhal.access.limits;

import java.util.Locale;

/** What is limited. */
public enum Limit {
    STAGED_BYTES,
    ACTIVE_UPLOADS,
    UPLOAD_SIZE,
    CREATIONS,
    REQUESTS,
    BODIES;

    /** As metrics and the log name it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
