package dev.narwhal.protocol.tus;

import dev.narwhal.http.ForwardedAddress;
import dev.narwhal.http.TrustedProxies;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/**
 * The URL of a new upload (T59): below the public base URL where one is set, else the path of the request and the id, below
 * what trusted proxies say of the public address. A path without scheme and host is right behind a proxy that ends TLS, and
 * clients that only put their host in front of it understand it.
 */
record UploadLocation(@Nullable String baseUrl, TrustedProxies proxies) {

    String of(HttpServletRequest request, String id) {
        String base = baseUrl == null ? ForwardedAddress.of(request, proxies).of(request.getRequestURI()) : baseUrl;
        return base + (base.endsWith("/") ? "" : "/") + id;
    }
}
