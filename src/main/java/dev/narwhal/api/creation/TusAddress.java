package dev.narwhal.api.creation;

import dev.narwhal.http.ForwardedAddress;
import dev.narwhal.http.TrustedProxies;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Where tus clients find what the API has created.
 *
 * @param path of the creation URL
 * @param baseUrl the public creation URL; null when the request's own address is the public one
 * @param proxies whose word about the public address counts
 */
record TusAddress(String path, @Nullable String baseUrl, TrustedProxies proxies) {

    /** The absolute URL of an upload URL's token, or of what is below it. */
    String of(HttpServletRequest request, String rest) {
        if (baseUrl != null) {
            return baseUrl + (baseUrl.endsWith("/") ? "" : "/") + rest;
        }
        String url = ForwardedAddress.of(request, proxies).of(request.getContextPath() + path + "/" + rest);
        return url.startsWith("/")
                ? URI.create(request.getRequestURL().toString()).resolve(url).toString()
                : url;
    }
}
