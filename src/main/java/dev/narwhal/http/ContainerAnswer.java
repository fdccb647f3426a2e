package dev.narwhal.http;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;

/**
 * The container's own answer to a body that it could not read to its end: 408 after a silence, else 400, and nobody else may
 * answer from then on. Stock clients give up on both, although the upload can go on; so the answer is taken back.
 */
public final class ContainerAnswer {

    private static final String RESPONSE = ContainerAnswer.class.getName();

    private ContainerAnswer() {}

    /** Makes the answer of this request one that can be taken back. */
    static void expose(Request request, Response response) {
        request.setAttribute(RESPONSE, response);
    }

    /** Lets the application answer, if the container has answered and nothing was sent yet. */
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
