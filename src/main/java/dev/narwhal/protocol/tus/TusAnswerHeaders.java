package dev.narwhal.protocol.tus;

import dev.narwhal.http.AnswerHeaders;
import dev.narwhal.http.CorsPolicy;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import me.desair.tus.server.HttpHeader;

/** Adds the protocol's version, and the CORS headers (T1, T162, T163). */
final class TusAnswerHeaders implements AnswerHeaders {

    static final String ALLOWED = "Authorization, Content-Type, Tus-Resumable, Upload-Length, Upload-Offset,"
            + " Upload-Metadata, Upload-Defer-Length, Upload-Concat, Upload-Checksum, X-HTTP-Method-Override,"
            + " X-Requested-With, X-Request-ID, X-Api-Key, Idempotency-Key, Upload-Complete, Upload-Draft-Interop-Version, Content-Disposition,"
            + " Content-Digest, Repr-Digest, Want-Repr-Digest, Range, If-Range, If-None-Match";
    private static final String METHODS = "POST, HEAD, PATCH, DELETE, OPTIONS, GET";
    private static final String EXPOSED =
            "Location, Upload-Offset, Upload-Length, Upload-Metadata, Upload-Defer-Length,"
                    + " Upload-Concat, Upload-Expires, Tus-Version, Tus-Resumable, Tus-Max-Size, Tus-Extension,"
                    + " Tus-Checksum-Algorithm, Upload-Complete, Upload-Limit, Upload-Draft-Interop-Version, X-Request-ID,"
                    + " Retry-After, WWW-Authenticate, Content-Range, Content-Disposition, ETag, Repr-Digest";

    private final CorsPolicy cors;

    TusAnswerHeaders(TusProperties.Cors cors) {
        String allowed =
                Stream.concat(Stream.of(ALLOWED), cors.namedHeaders().stream()).collect(Collectors.joining(", "));
        this.cors = new CorsPolicy(
                cors.allowedOrigins(), cors.allowCredentials(), cors.allowsAnyHeader(), METHODS, allowed, EXPOSED);
    }

    @Override
    public void apply(HttpServletRequest request, HttpServletResponse response) {
        response.setHeader(HttpHeader.TUS_RESUMABLE, TusHeaders.VERSION);
        response.setHeader("X-Content-Type-Options", "nosniff");
        cors.apply(request, response);
    }
}
