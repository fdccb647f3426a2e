package dev.narwhal.protocol.tus;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** The body of every failure (RFC 9457): code, status, sentence; the same shape for all. */
final class ProblemBody {

    static final String CONTENT_TYPE = "application/problem+json";

    private ProblemBody() {}

    static void write(HttpServletResponse response, TusProblem problem, boolean withBody) throws IOException {
        byte[] json = json(problem.error().name(), problem.getStatus(), problem.detail());
        response.setStatus(problem.getStatus());
        // Without it 404, 405 and 410 may be kept by caches (RFC 9111, section 4.2.2).
        response.setHeader("Cache-Control", "no-store");
        problem.headers().forEach(response::setHeader);
        if (!withBody) {
            response.setHeader("Content-Length", null);
            return;
        }
        response.setContentType(CONTENT_TYPE);
        response.setContentLength(json.length);
        response.getOutputStream().write(json);
    }

    static byte[] json(String code, int status, String detail) {
        String text = "{\"type\":\"about:blank\",\"status\":%d,\"code\":\"%s\",\"detail\":\"%s\"}\n"
                .formatted(status, code, escape(detail));
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 8);
        for (char c : text.toCharArray()) {
            switch (c) {
                case '"', '\\' -> escaped.append('\\').append(c);
                default -> {
                    if (c < ' ') {
                        escaped.append("\\u%04x".formatted((int) c));
                    } else {
                        escaped.append(c);
                    }
                }
            }
        }
        return escaped.toString();
    }
}
