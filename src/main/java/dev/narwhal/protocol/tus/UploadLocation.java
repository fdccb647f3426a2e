package dev.narwhal.protocol.tus;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/**
 * The URL of a new upload (T59): below the public base URL where one is set, else relative to the request's own URL, so
 * that it is right behind any proxy, also one that strips a path prefix that we cannot know of.
 */
record UploadLocation(@Nullable String baseUrl) {

    String of(HttpServletRequest request, String id) {
        if (baseUrl != null) {
            return baseUrl + (baseUrl.endsWith("/") ? "" : "/") + id;
        }
        String uri = request.getRequestURI();
        return uri.endsWith("/") ? id : uri.substring(uri.lastIndexOf('/') + 1) + "/" + id;
    }
}
