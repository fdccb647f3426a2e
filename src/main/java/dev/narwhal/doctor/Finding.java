package dev.narwhal.doctor;

import org.jspecify.annotations.Nullable;

/**
 * What one check came to.
 *
 * @param check what was looked at, in a word or a few
 * @param text what was found, one line
 * @param remedy what to do about it, one sentence; null only when it is {@link Verdict#OK}
 */
record Finding(
        String check,
        Verdict verdict,
        String text,
        @Nullable String remedy) {

    Finding {
        if (verdict != Verdict.OK && remedy == null) {
            throw new IllegalArgumentException("What is not well needs a remedy: " + check + ", " + text);
        }
    }

    static Finding ok(String check, String text) {
        return new Finding(check, Verdict.OK, text, null);
    }

    static Finding warn(String check, String text, String remedy) {
        return new Finding(check, Verdict.WARN, text, remedy);
    }

    static Finding fail(String check, String text, String remedy) {
        return new Finding(check, Verdict.FAIL, text, remedy);
    }
}
