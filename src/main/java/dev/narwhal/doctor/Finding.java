package dev.narwhal.doctor;

import org.jspecify.annotations.Nullable;

/**
 * The result of one check.
 * @param check the subject of the check, in a few words
 * @param text the result, one line
 * @param remedy the remedy, one sentence; null only for {@link Verdict#OK}
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
