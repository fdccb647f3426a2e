package dev.narwhal.http;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;

/** Whether a request has a body, as far as its head says. */
public final class BodyPresence {

    private BodyPresence() {}

    /** False when there is certainly none. Reads nothing and makes no buffer. */
    public static boolean mayHaveBody(HttpServletRequest request) throws IOException {
        long length = request.getContentLengthLong();
        if (isHttp2(request)) {
            // HTTP/2 says that there is no body by ending the stream with its headers, and by nothing else.
            return length != 0 && !request.getInputStream().isFinished();
        }
        return length > 0 || request.getHeader("Transfer-Encoding") != null;
    }

    public static boolean isHttp2(HttpServletRequest request) {
        return request.getProtocol().startsWith("HTTP/2");
    }
}
