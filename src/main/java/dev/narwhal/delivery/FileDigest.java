package dev.narwhal.delivery;

import dev.narwhal.destination.ContentSource;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * The SHA-256 of a whole file, computed beside its delivery. Parts are sent in parallel and out of order, a digest reads in
 * order: so it has a pass of its own, in a thread of its own.
 */
final class FileDigest implements AutoCloseable {

    private static final int BUFFER = 1024 * 1024;

    private final ContentSource content;
    private final FutureTask<String> digest = new FutureTask<>(this::compute);
    private volatile boolean closed;

    private FileDigest(ContentSource content) {
        this.content = content;
    }

    static FileDigest start(ContentSource content) {
        FileDigest started = new FileDigest(content);
        if (content.length() <= BUFFER) {
            started.digest.run();
        } else {
            Thread.ofPlatform().daemon().name("digest").start(started.digest);
        }
        return started;
    }

    /** Hexadecimal digits; empty while it is not done. */
    Optional<String> ifDone() throws IOException {
        return digest.isDone() ? Optional.of(result()) : Optional.empty();
    }

    /** Waits until it is done. */
    String result() throws IOException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return digest.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw new IOException("The SHA-256 could not be computed: " + e.getMessage(), e);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Ends the computation soon, and waits for that: the content is closed next. */
    @Override
    public void close() {
        closed = true;
        try {
            var unused = result();
        } catch (IOException e) {
            // Nobody wants it any more.
            return;
        }
    }

    private String compute() throws IOException {
        MessageDigest sha256 = sha256();
        ByteBuffer buffer = content.length() <= BUFFER
                ? ByteBuffer.allocate((int) Math.max(1, content.length()))
                : ContentSource.aligned(BUFFER);
        for (long position = 0; position < content.length(); ) {
            int read = closed ? -1 : content.read(buffer.clear(), position);
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
