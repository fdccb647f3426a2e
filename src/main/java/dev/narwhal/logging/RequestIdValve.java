package dev.narwhal.logging;

import jakarta.servlet.ServletException;
import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.slf4j.MDC;

/**
 * Gives each request its id, before anything else sees it: the answer carries it, and so does each line that is logged on the
 * request's thread. A valve and not a filter: what the container refuses by itself has an id, too.
 */
final class RequestIdValve extends ValveBase {

    RequestIdValve() {
        super(true);
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        String id = RequestId.of(request.getHeader(RequestId.HEADER));
        response.setHeader(RequestId.HEADER, id);
        // The thread goes on to the connection's next request.
        try (MDC.MDCCloseable unused = MDC.putCloseable(RequestId.LOG_KEY, id)) {
            getNext().invoke(request, response);
        }
    }
}
