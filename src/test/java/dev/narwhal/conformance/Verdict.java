package dev.narwhal.conformance;

/** What is known of one item of one server. Later ones outweigh earlier ones when several tests show one item. */
enum Verdict {
    /** No test looked: there is none, it was excluded, or it needs settings that somebody else's server does not get. */
    NOT_TESTED("not tested"),
    /** The server does not say that it has this. */
    NOT_OFFERED("not offered"),
    PASSED("passed"),
    FAILED("failed");

    private final String word;

    Verdict(String word) {
        this.word = word;
    }

    String word() {
        return word;
    }

    static Verdict of(String word) {
        for (Verdict verdict : values()) {
            if (verdict.word.equals(word)) {
                return verdict;
            }
        }
        throw new IllegalArgumentException("No verdict is called '" + word + "'");
    }

    /** A test was run to its end. */
    boolean isDecided() {
        return this == PASSED || this == FAILED;
    }
}
