package dev.narwhal.protocol.tus;

import java.io.IOException;

/** What came after a body makes the whole request wrong. Travels through the use-case, which keeps nothing of the body. */
final class RefusedTrailerException extends IOException {

    private static final long serialVersionUID = 1L;

    private final transient TusProblem problem;

    RefusedTrailerException(TusError error) {
        this(new TusProblem(error));
    }

    RefusedTrailerException(TusProblem problem) {
        super(problem);
        this.problem = problem;
    }

    TusProblem problem() {
        return problem;
    }
}
