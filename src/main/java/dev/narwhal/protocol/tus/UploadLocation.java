package dev.narwhal.protocol.tus;

import dev.narwhal.http.ForwardedAddress;
import dev.narwhal.http.TrustedProxies;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/**
 * The URL of a new upload (T59): below the public base URL if one is set, otherwise the request's path and the id,
 * below the public address that trusted proxies state. A path without scheme and host is right behind a proxy that
 * terminates TLS, and clients that only prepend their host understand it.
 */
record UploadLocation(@Nullable String baseUrl, TrustedProxies proxies) {

    String of(HttpServletRequest request, String id) {
        String base = baseUrl == null
                ? ForwardedAddress.of(request, proxies).of(request.getRequestURI())
                : published(baseUrl, request);
        return base + (base.endsWith("/") ? "" : "/") + id;
    }

    /** An upload URL stays in the path: its client has no other credentials. */
    private static String published(String baseUrl, HttpServletRequest request) {
        String token = UploadPath.of(request).map(UploadPath::token).orElse(null);
        return token == null ? baseUrl : baseUrl + (baseUrl.endsWith("/") ? "" : "/") + UploadPath.CAPABILITY + token;
    }
}
