package dev.narwhal.http;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * A failure as a problem document (RFC 9457): code, status, sentence.
 * @param status usually the code's own
 * @param detail may be more exact than the code's sentence; never contains a path, SQL, or the owner's name
 * @param headers further headers of the answer
 */
public record Problem(ErrorCode error, int status, String detail, Map<String, String> headers) {

    private static final String CONTENT_TYPE = "application/problem+json";

    public Problem {
        headers = Map.copyOf(headers);
    }

    public static Problem of(ErrorCode error) {
        return of(error, error.status(), error.sentence());
    }

    public static Problem of(ErrorCode error, int status, String detail) {
        return new Problem(error, status, detail, Map.of());
    }

    public Problem with(String header, String value) {
        Map<String, String> more = new HashMap<>(headers);
        more.put(header, value);
        return new Problem(error, status, detail, more);
    }

    /** The same failure with another status. */
    public Problem withStatus(int other) {
        return new Problem(error, other, detail, headers);
    }

    /** Writes the answer; {@code withBody} is false for a HEAD. */
    public void write(HttpServletResponse response, boolean withBody) throws IOException {
        response.setStatus(status);
        // Without this header caches may store 404, 405 and 410 (RFC 9111, section 4.2.2).
        response.setHeader("Cache-Control", "no-store");
        headers.forEach(response::setHeader);
        if (!withBody) {
            response.setHeader("Content-Length", null);
            return;
        }
        byte[] json = json(error.name(), status, detail);
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
