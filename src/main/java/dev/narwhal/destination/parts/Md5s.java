package dev.narwhal.destination.parts;

import dev.narwhal.destination.ContentSource;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;

/** MD5 of ranges, for stores that verify received bytes by no newer digest. */
public final class Md5s {

    private static final int BUFFER = 256 * 1024;

    private Md5s() {}

    /** In the notation of Content-MD5. */
    public static String base64(ContentSource content, long position, long length) throws IOException {
        return Base64.getEncoder().encodeToString(digest(content, position, length));
    }

    public static String hex(ContentSource content, long position, long length) throws IOException {
        return HexFormat.of().formatHex(digest(content, position, length));
    }

    public static byte[] digest(ContentSource content, long position, long length) throws IOException {
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

    public static MessageDigest md5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has MD5", e);
        }
    }
}
