package dev.narwhal.delivery;

import dev.narwhal.destination.ContentSource;
import dev.narwhal.destination.DeliveryStoppedException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.BooleanSupplier;

/**
 * The SHA-256 of a whole file. A destination reads parts in parallel and out of order, but a digest needs the bytes in order,
 * so it reads the file separately.
 */
final class FileDigest {

    private static final int BUFFER = 1024 * 1024;

    private FileDigest() {}

    /** True for a file so small that its digest needs no slot. */
    static boolean isQuick(ContentSource content) {
        return isQuick(content.length());
    }

    static boolean isQuick(long length) {
        return length <= BUFFER;
    }

    /**
     * @param isWanted asked before each read; false ends the computation
     * @return hexadecimal digits
     * @throws DeliveryStoppedException when {@code isWanted} returned false
     */
    static String of(ContentSource content, BooleanSupplier isWanted) throws IOException, DeliveryStoppedException {
        MessageDigest sha256 = sha256();
        ByteBuffer buffer = isQuick(content)
                ? ByteBuffer.allocate((int) Math.max(1, content.length()))
                : ContentSource.aligned(BUFFER);
        for (long position = 0; position < content.length(); ) {
            if (!isWanted.getAsBoolean()) {
                throw new DeliveryStoppedException("Nobody waits for this digest any more");
            }
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
