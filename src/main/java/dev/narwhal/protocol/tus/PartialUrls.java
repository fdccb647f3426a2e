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
 * Which of our uploads a URL names (T60, T147). It is read and never fetched: scheme and host are not looked at, and the path
 * may begin with whatever a proxy puts before ours.
 *
 * @param paths of creation URLs: ours, and that of the public base URL, each with a slash before and without one at its end
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

    /** Empty when the URL is not that of an upload here, whether there is such an upload or not. */
    Optional<UploadId> idOf(String url) {
        Matcher origin = ORIGIN.matcher(url);
        String path = origin.lookingAt() ? url.substring(origin.end()) : url;
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
