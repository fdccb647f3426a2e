package dev.narwhal.protocol.tus;

import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;

/**
 * The response passed to the engine's error path: its sendError writes the problem document instead of the
 * container's error page.
 */
final class ProblemResponse extends HttpServletResponseWrapper {

    private final TusProblem problem;
    private final boolean withBody;

    ProblemResponse(HttpServletResponse response, TusProblem problem, boolean withBody) {
        super(response);
        this.problem = problem;
        this.withBody = withBody;
    }

    @Override
    public void sendError(int status, String message) throws IOException {
        problem.problem().write((HttpServletResponse) getResponse(), withBody);
    }
}
