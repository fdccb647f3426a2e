package dev.narwhal.api;

import dev.narwhal.http.ErrorCode;
import dev.narwhal.http.Problem;

/** Ends a request of the API with a problem document. */
public final class ApiProblem extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    public ApiProblem(ErrorCode error) {
        this(Problem.of(error));
    }

    /** @param detail a sentence for people; never contains a path of the server, SQL, or another owner's name */
    public ApiProblem(ErrorCode error, String detail) {
        this(Problem.of(error, error.status(), detail));
    }

    public ApiProblem(Problem problem) {
        super(problem.detail(), null, false, false);
        this.problem = problem;
    }

    public Problem problem() {
        return problem;
    }
}
