package dev.narwhal.protocol.tus;

import dev.narwhal.naming.FileNames;
import dev.narwhal.upload.Upload;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ContentDisposition;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

/**
 * How a file is served. Whoever uploaded it chose type and name, so only types that no browser runs are shown inline;
 * everything else is for saving (T165).
 */
record FileHeaders(String etag, Instant modified, String contentType, String disposition) {

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

    private static final int MAX_CONTENT_TYPE = 255;
    private static final Pattern PLAIN = Pattern.compile("[ -~]*");

    static FileHeaders of(Upload upload) {
        MediaType type = mediaType(upload.contentType());
        boolean inline = SHOWN_INLINE.contains(type.getType() + "/" + type.getSubtype());
        Instant finished = upload.finishedAt() == null ? upload.updatedAt() : upload.finishedAt();
        return new FileHeaders(
                "\"" + upload.id() + "\"",
                finished.truncatedTo(ChronoUnit.SECONDS),
                inline ? type.toString() : MediaType.APPLICATION_OCTET_STREAM_VALUE,
                disposition(inline, upload.filename()));
    }

    /** A longer type may not fit into the head of an answer. The parser lets line breaks through within quotes, and they would end the header. */
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

    /** RFC 6266, with the exact name by RFC 8187, which is as long as a file's name may be, and the one that its key has. */
    private static String disposition(boolean inline, @Nullable String filename) {
        ContentDisposition.Builder builder = inline ? ContentDisposition.inline() : ContentDisposition.attachment();
        String name = filename == null ? "" : FileNames.clean(filename);
        return (name.isEmpty() ? builder : builder.filename(name, StandardCharsets.UTF_8))
                .build()
                .toString();
    }

    void apply(HttpServletResponse response) {
        response.setContentType(contentType);
        response.setHeader("Content-Disposition", disposition);
        response.setDateHeader("Last-Modified", modified.toEpochMilli());
        response.setHeader("ETag", etag);
        response.setHeader("Accept-Ranges", "bytes");
        response.setHeader("Cache-Control", "private, no-cache");
        response.setHeader("Content-Security-Policy", "default-src 'none'; sandbox");
    }
}
