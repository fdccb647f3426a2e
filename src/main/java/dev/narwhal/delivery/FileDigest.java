package dev.narwhal.delivery;

import dev.narwhal.destination.ContentSource;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The SHA-256 of a whole file. Parts are sent in parallel and out of order, a digest reads in order: so it has a pass of its
 * own.
 */
final class FileDigest {

    private static final int BUFFER = 1024 * 1024;

    private FileDigest() {}

    /** True when it is not worth a step of its own. */
    static boolean isQuick(ContentSource content) {
        return content.length() <= BUFFER;
    }

    /** @return hexadecimal digits */
    static String of(ContentSource content) throws IOException {
        MessageDigest sha256 = sha256();
        ByteBuffer buffer = isQuick(content)
                ? ByteBuffer.allocate((int) Math.max(1, content.length()))
                : ContentSource.aligned(BUFFER);
        for (long position = 0; position < content.length(); ) {
            int read = content.read(buffer.clear(), position);
            if (read < 0) {
                throw new EOFException("stopped at " + position + " of " + content.length());
            }
            sha256.update(buffer.flip());
            position += read;
        }
        return HexFormat.of().formatHex(sha256.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
