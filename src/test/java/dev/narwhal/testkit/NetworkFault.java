package dev.narwhal.testkit;

import java.time.Duration;

/**
 * One misfortune of one connection.
 *
 * @param after bytes that the client gets through to the server before
 * @param within bytes of the next answer that still reach the client; only of what strikes an answer
 * @param time how long it lasts, where it lasts
 * @param rate bytes a second, of what is slow
 */
record NetworkFault(Kind kind, long after, int within, Duration time, int rate) {

    /** What happens. */
    public enum Kind {
        /** RST to both sides. */
        RESET,
        /** RST to the client; the server hears nothing any more. */
        RESET_OF_CLIENT,
        /** RST to the server; the client hears nothing for a while, then gets its own. */
        RESET_OF_SERVER,
        /** FIN to the server in the middle of a request, whose answer still comes through. */
        END_OF_REQUEST,
        /** FIN to the client where an answer would begin, while the server still listens. */
        END_OF_ANSWER,
        /** FIN to the client in the middle of an answer. */
        END_WITHIN_ANSWER,
        /** RST to both sides in the middle of an answer, or before it: the server did it, and nobody hears of it. */
        CUT_ANSWER,
        /** Nothing passes either way for a while. */
        STALL,
        /** Slow for a while. */
        THROTTLE,
        /** Much slower than anybody puts up with. */
        TRICKLE;

        boolean strikesAnswer() {
            return this == END_OF_ANSWER || this == END_WITHIN_ANSWER || this == CUT_ANSWER;
        }
    }
}
