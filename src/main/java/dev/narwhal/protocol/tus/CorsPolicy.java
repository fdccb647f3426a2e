package dev.narwhal.protocol.tus;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Collections;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What browsers may do from other sites (T162, T163). Set on every answer, failures included: without it a browser sees
 * a network error instead of the status.
 */
final class CorsPolicy {

    static final String METHODS = "POST, HEAD, PATCH, DELETE, OPTIONS, GET";
    static final String ALLOWED = "Authorization, Content-Type, Tus-Resumable, Upload-Length, Upload-Offset,"
            + " Upload-Metadata, Upload-Defer-Length, Upload-Concat, Upload-Checksum, X-HTTP-Method-Override,"
            + " X-Requested-With, X-Request-ID, Upload-Complete, Upload-Draft-Interop-Version, Content-Disposition,"
            + " Content-Digest, Repr-Digest, Want-Repr-Digest, Range, If-Range, If-None-Match";
    static final String EXPOSED = "Location, Upload-Offset, Upload-Length, Upload-Metadata, Upload-Defer-Length,"
            + " Upload-Concat, Upload-Expires, Tus-Version, Tus-Resumable, Tus-Max-Size, Tus-Extension,"
            + " Tus-Checksum-Algorithm, Upload-Complete, Upload-Limit, Upload-Draft-Interop-Version, X-Request-ID,"
            + " Retry-After, Content-Range, Content-Disposition, ETag";

    private static final String MAX_AGE_SECONDS = "86400";
    private static final String ANY = "*";
    private static final Pattern NAMES = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~, \\t-]+");

    private final TusProperties.Cors cors;
    private final String allowed;

    CorsPolicy(TusProperties.Cors cors) {
        this.cors = cors;
        this.allowed = cors.allowsAnyHeader()
                ? ALLOWED
                : Stream.concat(Stream.of(ALLOWED), cors.allowedHeaders().stream())
                        .collect(Collectors.joining(", "));
    }

    void apply(HttpServletRequest request, HttpServletResponse response) {
        boolean preflight = request.getMethod().equals("OPTIONS");
        if (preflight) {
            response.setHeader("Vary", "Access-Control-Request-Method, Access-Control-Request-Headers");
        }
        if (cors.allowsAnyOrigin()) {
            response.setHeader("Access-Control-Allow-Origin", ANY);
        } else {
            response.addHeader("Vary", "Origin");
            String origin = request.getHeader("Origin");
            if (origin == null || !cors.allowedOrigins().contains(origin)) {
                return;
            }
            response.setHeader("Access-Control-Allow-Origin", origin);
            if (cors.allowCredentials()) {
                response.setHeader("Access-Control-Allow-Credentials", "true");
            }
        }
        response.setHeader("Access-Control-Expose-Headers", EXPOSED);
        if (preflight) {
            response.setHeader("Access-Control-Allow-Methods", METHODS);
            response.setHeader("Access-Control-Allow-Headers", allowedHeaders(request));
            response.setHeader("Access-Control-Max-Age", MAX_AGE_SECONDS);
        }
    }

    /** Named, each of them: browsers take * for all but Authorization, and for none when credentials are sent. */
    private String allowedHeaders(HttpServletRequest request) {
        String asked = String.join(", ", Collections.list(request.getHeaders("Access-Control-Request-Headers")));
        return cors.allowsAnyHeader() && NAMES.matcher(asked).matches() ? allowed + ", " + asked : allowed;
    }
}
