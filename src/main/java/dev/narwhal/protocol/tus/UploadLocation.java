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
        String base = baseUrl == null ? ForwardedAddress.of(request, proxies).of(request.getRequestURI()) : baseUrl;
        return base + (base.endsWith("/") ? "" : "/") + id;
    }
}
