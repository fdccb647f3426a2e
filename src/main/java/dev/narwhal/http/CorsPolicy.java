package dev.narwhal.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The CORS headers for pages of other origins. Every answer has them, including failures: without them a browser
 * reports a network error instead of the status.
 * @param origins whose pages may send requests; * for any
 * @param credentials whether these pages may send cookies; only with named origins
 * @param anyHeader whether they may send any header that a preflight names, beside {@code allowed}
 * @param methods that they may use, as the header's value
 * @param allowed headers that they may send, as the header's value
 * @param exposed headers that they may read, as the header's value
 */
public record CorsPolicy(
        List<String> origins, boolean credentials, boolean anyHeader, String methods, String allowed, String exposed) {

    private static final String MAX_AGE_SECONDS = "86400";
    private static final String ANY = "*";
    private static final Pattern NAMES = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~, \\t-]+");

    public CorsPolicy {
        origins = List.copyOf(origins);
    }

    public void apply(HttpServletRequest request, HttpServletResponse response) {
        boolean preflight = request.getMethod().equals("OPTIONS");
        if (preflight) {
            response.setHeader("Vary", "Access-Control-Request-Method, Access-Control-Request-Headers");
        }
        if (origins.contains(ANY)) {
            response.setHeader("Access-Control-Allow-Origin", ANY);
        } else {
            response.addHeader("Vary", "Origin");
            String origin = request.getHeader("Origin");
            if (origin == null || !origins.contains(origin)) {
                return;
            }
            response.setHeader("Access-Control-Allow-Origin", origin);
            if (credentials) {
                response.setHeader("Access-Control-Allow-Credentials", "true");
            }
        }
        response.setHeader("Access-Control-Expose-Headers", exposed);
        if (preflight) {
            response.setHeader("Access-Control-Allow-Methods", methods);
            response.setHeader("Access-Control-Allow-Headers", allowedHeaders(request));
            response.setHeader("Access-Control-Max-Age", MAX_AGE_SECONDS);
        }
    }

    /** Lists each header by name: for browsers * excludes Authorization, and with credentials it allows none. */
    private String allowedHeaders(HttpServletRequest request) {
        String asked = String.join(", ", Collections.list(request.getHeaders("Access-Control-Request-Headers")));
        return anyHeader && NAMES.matcher(asked).matches() ? allowed + ", " + asked : allowed;
    }
}
