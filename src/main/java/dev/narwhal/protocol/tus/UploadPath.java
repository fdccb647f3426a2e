package dev.narwhal.protocol.tus;

import dev.narwhal.upload.UploadId;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The target of a request's path. The path is compared as received, neither decoded nor normalised. Each upload
 * therefore has one spelling, and no other spelling can bypass a proxy's rule for the path (T69, T167).
 *
 * @param token of an upload URL, {@code {path}/u/{token}}, which is a secret; null for a request that presents its
 *     credentials otherwise
 * @param id the upload; null for the creation URL
 */
record UploadPath(@Nullable String token, @Nullable UploadId id) {

    /** Followed by the token. No upload has this name. */
    static final String CAPABILITY = "u/";

    private static final String TOKEN = "[A-Za-z0-9_-]{43}";
    private static final Pattern OF_CAPABILITY = Pattern.compile("u/(" + TOKEN + ")(?:/([^/]*))?");
    private static final Pattern SECRET = Pattern.compile("(/u/)" + TOKEN + "(?![A-Za-z0-9_-])");

    /**
     * The target; empty when the path is neither the creation URL (with or without a trailing slash) nor that of an
     * upload.
     */
    static Optional<UploadPath> of(HttpServletRequest request) {
        String uri = request.getRequestURI();
        String base = request.getContextPath() + request.getServletPath();
        if (uri.equals(base) || uri.equals(base + "/")) {
            return Optional.of(new UploadPath(null, null));
        }
        if (!uri.startsWith(base + "/")) {
            return Optional.empty();
        }
        String rest = uri.substring(base.length() + 1);
        return rest.startsWith(CAPABILITY)
                ? ofCapability(rest)
                : UploadId.parse(rest).map(id -> new UploadPath(null, id));
    }

    private static Optional<UploadPath> ofCapability(String rest) {
        Matcher matcher = OF_CAPABILITY.matcher(rest);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String token = matcher.group(1);
        String id = matcher.group(2);
        return id == null || id.isEmpty()
                ? Optional.of(new UploadPath(token, null))
                : UploadId.parse(id).map(parsed -> new UploadPath(token, parsed));
    }

    /** The path without the token of an upload URL, for the log. */
    static String shown(HttpServletRequest request) {
        return withoutToken(request.getRequestURI());
    }

    /** Takes tokens of upload URLs out of a text: the plain URL of an upload is no secret of its own. */
    static String plain(String text) {
        return SECRET.matcher(text).replaceAll("");
    }

    private static String withoutToken(String uri) {
        return SECRET.matcher(uri).replaceAll("$1…");
    }

    /** The id of the upload that the path names; null when it names none. */
    static @Nullable UploadId idOf(HttpServletRequest request) {
        return of(request).map(UploadPath::id).orElse(null);
    }
}
