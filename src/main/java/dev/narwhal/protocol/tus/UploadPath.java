package dev.narwhal.protocol.tus;

import dev.narwhal.upload.UploadId;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The target of a request's path. The path is compared as received, neither decoded nor normalised. Each upload
 * therefore has one spelling, and no other spelling can bypass a proxy's rule for the path (T69, T167).
 *
 * @param id the upload; null for the creation URL
 */
record UploadPath(@Nullable UploadId id) {

    /**
     * The target; empty when the path is neither the creation URL (with or without a trailing slash) nor that of an
     * upload.
     */
    static Optional<UploadPath> of(HttpServletRequest request) {
        String uri = request.getRequestURI();
        String base = request.getContextPath() + request.getServletPath();
        if (uri.equals(base) || uri.equals(base + "/")) {
            return Optional.of(new UploadPath(null));
        }
        if (!uri.startsWith(base + "/")) {
            return Optional.empty();
        }
        return UploadId.parse(uri.substring(base.length() + 1)).map(UploadPath::new);
    }

    /** The id of the upload that the path names; null when it names none. */
    static @Nullable UploadId idOf(HttpServletRequest request) {
        return of(request).map(UploadPath::id).orElse(null);
    }
}
