package dev.narwhal.http;

/** Refuses a request with a problem document. */
public final class HttpProblem extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    HttpProblem(Problem problem) {
        super(problem.detail());
        this.problem = problem;
    }

    public Problem problem() {
        return problem;
    }
}
