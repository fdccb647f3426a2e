package dev.narwhal.protocol.tus;

import dev.narwhal.upload.UploadId;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a request's path names, compared as it came over the wire: undecoded, with nothing normalised. So there is one
 * spelling for each upload, and a rule in a proxy that looks at the path cannot be passed by another one (T69, T167).
 *
 * @param id the upload; null for the creation URL
 */
record UploadPath(@Nullable UploadId id) {

    /** Empty when the path names neither the creation URL (with or without a slash at its end) nor an upload. */
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

    /** The upload that the path names; null when it names none. */
    static @Nullable UploadId idOf(HttpServletRequest request) {
        return of(request).map(UploadPath::id).orElse(null);
    }
}
