package dev.narwhal.http;

import dev.narwhal.naming.FileNames;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ContentDisposition;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

/**
 * The headers of a served file. A stranger chose its type and name, so only types that no browser executes are inline;
 * all others are attachments (T165).
 */
public record FileHeaders(String etag, Instant modified, String contentType, String disposition) {

    private static final Set<String> SHOWN_INLINE = Set.of(
            "text/plain",
            "image/png",
            "image/jpeg",
            "image/gif",
            "image/bmp",
            "image/webp",
            "image/avif",
            "audio/wav",
            "audio/webm",
            "audio/ogg",
            "audio/mpeg",
            "audio/mp4",
            "audio/flac",
            "video/mp4",
            "video/webm",
            "video/ogg",
            "application/ogg");

    private static final String POLICY = "default-src 'none'; sandbox";

    /** The browser's own page for a film or a sound loads it by its URL; its page for an image does not. */
    private static final String POLICY_OF_MEDIA = "default-src 'none'; media-src 'self'; sandbox";

    private static final List<String> OF_A_FILE = List.of(
            "Content-Disposition",
            "Last-Modified",
            "ETag",
            "Accept-Ranges",
            "Cache-Control",
            "Content-Security-Policy",
            "Content-Range",
            "Repr-Digest");

    private static final int MAX_CONTENT_TYPE = 255;

    private static final Pattern PLAIN = Pattern.compile("[ -~]*");

    /**
     * @param id names the content: two files of one id have the same bytes
     * @param modified the time of its completion
     * @param type as the client declared it
     * @param filename as the client declared it
     */
    public static FileHeaders of(String id, Instant modified, @Nullable String type, @Nullable String filename) {
        MediaType media = mediaType(type);
        boolean inline = SHOWN_INLINE.contains(media.getType() + "/" + media.getSubtype());
        return new FileHeaders(
                "\"" + id + "\"",
                modified.truncatedTo(ChronoUnit.SECONDS),
                inline ? media.toString() : MediaType.APPLICATION_OCTET_STREAM_VALUE,
                disposition(inline, filename));
    }

    /**
     * A longer type may not fit into the head of an answer. The parser accepts line breaks within quotes, which would
     * end the header.
     */
    private static MediaType mediaType(@Nullable String declared) {
        if (declared == null
                || declared.length() > MAX_CONTENT_TYPE
                || !PLAIN.matcher(declared).matches()) {
            return MediaType.APPLICATION_OCTET_STREAM;
        }
        try {
            return MediaType.parseMediaType(declared);
        } catch (InvalidMediaTypeException e) {
            return MediaType.APPLICATION_OCTET_STREAM;
        }
    }

    /** RFC 6266, with the exact name by RFC 8187: the name in the key, with at most the length of a file's name. */
    private static String disposition(boolean inline, @Nullable String filename) {
        ContentDisposition.Builder builder = inline ? ContentDisposition.inline() : ContentDisposition.attachment();
        String name = filename == null ? "" : FileNames.clean(filename);
        return (name.isEmpty() ? builder : builder.filename(name, StandardCharsets.UTF_8))
                .build()
                .toString();
    }

    private boolean isPlayed() {
        return contentType.startsWith("audio/")
                || contentType.startsWith("video/")
                || contentType.startsWith("application/ogg");
    }

    void apply(HttpServletResponse response) {
        response.setContentType(contentType);
        response.setHeader("Content-Disposition", disposition);
        response.setDateHeader("Last-Modified", modified.toEpochMilli());
        response.setHeader("ETag", etag);
        response.setHeader("Accept-Ranges", "bytes");
        response.setHeader("Cache-Control", "private, no-cache");
        response.setHeader("Content-Security-Policy", isPlayed() ? POLICY_OF_MEDIA : POLICY);
    }

    /** Removes the file's headers from an answer that has become a failure. No-op once the answer is committed. */
    static void withdraw(HttpServletResponse response) {
        if (!response.isCommitted()) {
            OF_A_FILE.forEach(name -> response.setHeader(name, null));
        }
    }
}
