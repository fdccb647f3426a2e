package dev.narwhal.logging;

import jakarta.servlet.ServletException;
import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.slf4j.MDC;

/**
 * Gives each request its id first of all. The answer carries the id, and so does each log line of the request's thread.
 * This is a valve and not a filter, so that the container's own refusals have an id, too.
 */
final class RequestIdValve extends ValveBase {

    RequestIdValve() {
        super(true);
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        String id = RequestId.of(request.getHeader(RequestId.HEADER));
        response.setHeader(RequestId.HEADER, id);
        // The thread may serve the connection's next request.
        try (MDC.MDCCloseable unused = MDC.putCloseable(RequestId.LOG_KEY, id)) {
            getNext().invoke(request, response);
        }
    }
}
