package dev.narwhal.http;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;

/**
 * Withdraws the container's own answer to a body that it could not read to its end: 408 after a silence, else 400.
 * Stock clients give up on both, although they could resume the upload.
 */
public final class ContainerAnswer {

    private static final String RESPONSE = ContainerAnswer.class.getName();

    private ContainerAnswer() {}

    /** Prepares the request so that {@link #takeBack} can withdraw the container's answer. */
    static void expose(Request request, Response response) {
        request.setAttribute(RESPONSE, response);
    }

    /** Withdraws the container's answer if none of it was sent yet, so that the application can answer. */
    public static void takeBack(HttpServletRequest request) {
        if (request.getAttribute(RESPONSE) instanceof Response response
                && !response.isCommitted()
                && response.isErrorReportRequired()) {
            boolean unused = response.setErrorReported();
            request.removeAttribute(RequestDispatcher.ERROR_EXCEPTION);
            response.setSuspended(false);
        }
    }
}
