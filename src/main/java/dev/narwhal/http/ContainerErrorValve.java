package dev.narwhal.http;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.apache.coyote.http11.Http11Processor;
import org.apache.tomcat.util.http.MimeHeaders;
import org.apache.tomcat.util.res.StringManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives the container's own refusals the headers and the body of our failures. */
public final class ContainerErrorValve extends ErrorReportValve {

    private static final Logger log = LoggerFactory.getLogger(ContainerErrorValve.class);
    private static final int BAD_REQUEST = 400;
    private static final int SERVER_ERROR = 500;
    private static final String TOO_LONG =
            StringManager.getManager(Http11Processor.class).getString("iib.requestheadertoolarge.error");
    private static final String TOO_MANY = StringManager.getManager(MimeHeaders.class)
            .getString("headers.maxCountFail", "")
            .split("\\[", 2)[0];

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
            problem(request, status).write(response, !isHead(request));
            response.finishResponse();
        } catch (IOException e) {
            log.debug("request.unanswered status={} the client was gone before it heard of it", status, e);
        }
    }

    private static Problem problem(Request request, int status) {
        if (status == BAD_REQUEST && isHeadTooLarge(request.getAttribute(RequestDispatcher.ERROR_EXCEPTION))) {
            return Problem.of(HttpError.HEAD_TOO_LARGE, HttpError.HEAD_TOO_LARGE.status(), limits(request));
        }
        HttpError error = errorOf(status);
        return Problem.of(error, status, error.sentence());
    }

    /** Only Tomcat's message shows the reason. */
    private static boolean isHeadTooLarge(@Nullable Object failure) {
        return failure instanceof RuntimeException e
                && (TOO_LONG.equals(e.getMessage())
                        || String.valueOf(e.getMessage()).startsWith(TOO_MANY));
    }

    private static String limits(Request request) {
        return request.getConnector().getProtocolHandler() instanceof AbstractHttp11Protocol<?> http
                ? "The head of the request may have " + http.getMaxHttpRequestHeaderSize() + " bytes in "
                        + http.getMaxHeaderCount() + " headers; this one has more."
                : HttpError.HEAD_TOO_LARGE.sentence();
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
