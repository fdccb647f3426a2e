package dev.narwhal.protocol.tus;

import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;

/** The response as the engine's error path sees it: its last call writes our body instead of the container's page. */
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
