package dev.narwhal.http;

import jakarta.servlet.ServletException;
import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives the container's own refusals the headers and the body of our failures. */
public final class ContainerErrorValve extends ErrorReportValve {

    private static final Logger log = LoggerFactory.getLogger(ContainerErrorValve.class);
    private static final int BAD_REQUEST = 400;
    private static final int SERVER_ERROR = 500;

    private final AnswerHeaders headers;

    ContainerErrorValve(AnswerHeaders headers) {
        this.headers = headers;
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        ContainerAnswer.expose(request, response);
        super.invoke(request, response);
    }

    @Override
    protected void report(Request request, Response response, @Nullable Throwable throwable) {
        int status = response.getStatus();
        if (status < BAD_REQUEST || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        headers.apply(request, response);
        try {
            HttpError error = errorOf(status);
            Problem.of(error, status, error.sentence()).write(response, !isHead(request));
            response.finishResponse();
        } catch (IOException e) {
            log.debug("request.unanswered status={} the client was gone before it heard of it", status, e);
        }
    }

    private static HttpError errorOf(int status) {
        return switch (status) {
            case 404 -> HttpError.NOT_FOUND;
            case 405 -> HttpError.METHOD_NOT_ALLOWED;
            // An unknown framing or version: the client's mistake, and not a failure of the server.
            case 501, 505 -> HttpError.BAD_REQUEST;
            default -> status >= SERVER_ERROR ? HttpError.INTERNAL : HttpError.BAD_REQUEST;
        };
    }

    private static boolean isHead(Request request) {
        return "HEAD".equals(request.getMethod());
    }
}
