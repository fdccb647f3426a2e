package dev.narwhal.access.guard;

import dev.narwhal.http.HttpError;
import dev.narwhal.http.Problem;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Answers that refuse a request, as problem documents. */
final class Refusal {

    private static final String CHALLENGE = "Bearer realm=\"narwhal\"";

    /** The attribute of a request that the guard has refused: why. */
    static final String ERROR = Refusal.class.getName();

    private Refusal() {}

    static void write(HttpError error, HttpServletRequest request, HttpServletResponse response) throws IOException {
        request.setAttribute(ERROR, error);
        Problem problem = Problem.of(error);
        Problem challenged = switch (error) {
            case CREDENTIALS_MISSING -> problem.with("WWW-Authenticate", CHALLENGE);
            case CREDENTIALS_INVALID, CREDENTIALS_EXPIRED ->
                problem.with("WWW-Authenticate", CHALLENGE + ", error=\"invalid_token\"");
            case SCOPE_MISSING -> problem.with("WWW-Authenticate", CHALLENGE + ", error=\"insufficient_scope\"");
            default -> problem;
        };
        challenged.write(response, !request.getMethod().equals("HEAD"));
    }
}
