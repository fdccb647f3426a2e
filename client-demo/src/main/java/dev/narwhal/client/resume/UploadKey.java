package dev.narwhal.client.resume;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;

/**
 * What must be the same for an upload to be continued: the file, its content as far as size and time can tell, and the
 * server.
 *
 * @param file absolute, normalised
 * @param size in bytes
 */
public record UploadKey(Path file, long size, Instant modified, URI endpoint) {

    public UploadKey {
        if (!file.isAbsolute()) {
            throw new IllegalArgumentException("A file is remembered by its absolute path, not by '" + file + "'");
        }
        if (size < 0) {
            throw new IllegalArgumentException("A size is not negative: " + size);
        }
        file = file.normalize();
    }

    /** Short, and usable as a file name everywhere. */
    String digest() {
        byte[] text = String.join("\n", file.toString(), Long.toString(size), modified.toString(), endpoint.toString())
                .getBytes(StandardCharsets.UTF_8);
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text), 0, 16);
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("Every Java has SHA-256", missing);
        }
    }
}
