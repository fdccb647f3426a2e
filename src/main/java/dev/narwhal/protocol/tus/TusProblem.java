package dev.narwhal.protocol.tus;

import dev.narwhal.http.ErrorCode;
import dev.narwhal.http.Problem;
import me.desair.tus.server.exception.TusException;

/** A failure to be answered to the client, as the exception type that the engine knows. */
final class TusProblem extends TusException {

    private final transient Problem problem;

    TusProblem(Problem problem) {
        super(problem.status(), problem.detail());
        this.problem = problem;
    }

    TusProblem(ErrorCode error) {
        this(Problem.of(error));
    }

    /** @param detail more precise than the error's own sentence; never contains a path, SQL, or the owner's name */
    TusProblem(ErrorCode error, String detail) {
        this(Problem.of(error, error.status(), detail));
    }

    TusProblem(ErrorCode error, int status, String detail) {
        this(Problem.of(error, status, detail));
    }

    TusProblem with(String header, String value) {
        return new TusProblem(problem.with(header, value));
    }

    /** The same failure with another status. */
    TusProblem withStatus(int status) {
        return new TusProblem(problem.withStatus(status));
    }

    Problem problem() {
        return problem;
    }

    ErrorCode error() {
        return problem.error();
    }
}
