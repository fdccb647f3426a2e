package dev.narwhal.protocol.tus;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;

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
            + " Retry-After, Content-Range, Content-Disposition, ETag, Repr-Digest";

    private static final String MAX_AGE_SECONDS = "86400";
    private static final String ANY = "*";

    private final List<String> origins;
    private final boolean credentials;

    CorsPolicy(TusProperties.Cors cors) {
        this.origins = List.copyOf(cors.allowedOrigins());
        this.credentials = cors.allowCredentials();
    }

    void apply(HttpServletRequest request, HttpServletResponse response) {
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
        response.setHeader("Access-Control-Expose-Headers", EXPOSED);
        if (preflight) {
            response.setHeader("Access-Control-Allow-Methods", METHODS);
            response.setHeader("Access-Control-Allow-Headers", ALLOWED);
            response.setHeader("Access-Control-Max-Age", MAX_AGE_SECONDS);
        }
    }
}
