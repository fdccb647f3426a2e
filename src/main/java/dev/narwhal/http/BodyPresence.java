package dev.narwhal.http;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;

/** Whether a request has a body, according to its head. */
public final class BodyPresence {

    private BodyPresence() {}

    /** False when there is certainly none. Reads nothing and allocates no buffer. */
    public static boolean mayHaveBody(HttpServletRequest request) throws IOException {
        long length = request.getContentLengthLong();
        if (isHttp2(request)) {
            // In HTTP/2 only the end of the stream with its headers shows that there is no body.
            return length != 0 && !request.getInputStream().isFinished();
        }
        return length > 0 || request.getHeader("Transfer-Encoding") != null;
    }

    public static boolean isHttp2(HttpServletRequest request) {
        return request.getProtocol().startsWith("HTTP/2");
    }
}
