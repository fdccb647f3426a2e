package dev.narwhal.protocol.tus;

import dev.narwhal.upload.UploadId;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the upload id in a URL of Upload-Concat (T60, T147). The URL is parsed and never fetched: scheme and host are
 * ignored, and a proxy may add a prefix to the path.
 *
 * @param paths creation paths of this server: its own and that of the public base URL, with a leading and without a
 *     trailing slash
 */
record PartialUrls(List<String> paths) {

    private static final Pattern ORIGIN = Pattern.compile("(?:https?:)?//[^/]*", Pattern.CASE_INSENSITIVE);

    static PartialUrls of(String path, @Nullable String baseUrl) {
        Stream<String> published =
                baseUrl == null ? Stream.empty() : Stream.of(URI.create(baseUrl).getRawPath());
        return new PartialUrls(Stream.concat(Stream.of(path), published)
                .map(PartialUrls::withoutSlashAtTheEnd)
                .distinct()
                .toList());
    }

    private static String withoutSlashAtTheEnd(String path) {
        return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    /**
     * The upload's id; empty when the URL is not below a creation path of this server. Whether the upload exists is
     * not checked.
     */
    Optional<UploadId> idOf(String url) {
        Matcher origin = ORIGIN.matcher(url);
        String path = UploadPath.plain(origin.lookingAt() ? url.substring(origin.end()) : url);
        int lastSlash = path.lastIndexOf('/');
        if (lastSlash < 0) {
            return UploadId.parse(path);
        }
        String parent = (path.startsWith("/") ? "" : "/") + path.substring(0, lastSlash);
        return paths.stream().anyMatch(parent::endsWith)
                ? UploadId.parse(path.substring(lastSlash + 1))
                : Optional.empty();
    }
}
