package dev.narwhal.destination;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** MD5 where S3 asks for it: as Content-MD5 for stores without newer checksums, and to understand ETags. */
final class Md5s {

    private static final int BUFFER = 256 * 1024;
    private static final Pattern PLAIN = Pattern.compile("[0-9a-f]{32}");

    private Md5s() {}

    /** As Content-MD5 has it. */
    static String base64(ContentSource content, long position, long length) throws IOException {
        return Base64.getEncoder().encodeToString(digest(content, position, length));
    }

    /** As an ETag of an object that was put in one piece has it. */
    static String hex(ContentSource content, long position, long length) throws IOException {
        return HexFormat.of().formatHex(digest(content, position, length));
    }

    static byte[] digest(ContentSource content, long position, long length) throws IOException {
        MessageDigest md5 = md5();
        ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(BUFFER, Math.max(1, length)));
        long end = position + length;
        for (long at = position; at < end; ) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), end - at));
            int read = content.read(buffer, at);
            if (read < 0) {
                throw new EOFException("The content ends at " + at + " instead of " + content.length());
            }
            md5.update(buffer.flip());
            at += read;
        }
        return md5.digest();
    }

    /** The ETag that S3 gives an object made of these parts; empty when the parts' own ETags are no MD5 sums. */
    static Optional<String> multipartEtag(List<SentPart> parts) {
        MessageDigest md5 = md5();
        for (SentPart part : parts) {
            String etag = unquoted(part.etag());
            if (!PLAIN.matcher(etag).matches()) {
                return Optional.empty();
            }
            md5.update(HexFormat.of().parseHex(etag));
        }
        return Optional.of(HexFormat.of().formatHex(md5.digest()) + "-" + parts.size());
    }

    /** Empty for null: an answer may lack it. */
    static String unquoted(@Nullable String etag) {
        return etag == null ? "" : etag.replace("\"", "");
    }

    static MessageDigest md5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has MD5", e);
        }
    }
}
