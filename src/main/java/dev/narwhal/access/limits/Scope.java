package dev.narwhal.access.limits;

import java.util.Locale;

/** Whose limit it is. */
public enum Scope {
    OWNER,
    KEY,
    SERVER;

    /** As metrics and the log name it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
