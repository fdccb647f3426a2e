package dev.narwhal.protocol.tus;

import static org.assertj.core.api.Assertions.assertThat;

/** What fuzzed headers may be refused with. */
final class Refusals {

    /** No sentence may grow with the client's input. */
    private static final int LONGEST_SENTENCE = 200;

    private Refusals() {}

    /** A refusal is one of these, the client's fault, and says so in plain characters. */
    static void assertRefusal(TusProblem problem, TusError... expected) {
        assertThat(problem.error()).isIn((Object[]) expected);
        assertThat(problem.getStatus()).isBetween(400, 499);
        assertThat(problem.problem().detail()).matches("[ -~]{1," + LONGEST_SENTENCE + "}");
    }
}
