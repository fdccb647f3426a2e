package dev.narwhal.protocol.tus;

import java.io.IOException;

/**
 * A trailer made the whole request invalid. The use-case passes this exception on and records nothing more of the
 * body.
 */
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
