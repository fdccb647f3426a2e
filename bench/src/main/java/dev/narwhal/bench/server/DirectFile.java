package dev.narwhal.bench.server;

import com.sun.nio.file.ExtendedOpenOption;
import jakarta.servlet.ServletInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;

/** A file past the page cache: while one buffer is written, the other one fills. */
final class DirectFile implements AutoCloseable {

    static final int BLOCK = 1 << 20;
    private static final int ALIGNMENT = 4096;

    private final Path path;
    private final FileChannel direct;
    private final ExecutorService writers;
    private ByteBuffer filling = aligned();
    private ByteBuffer other = aligned();
    private CompletableFuture<Void> writing = CompletableFuture.completedFuture(null);

    DirectFile(Path path, ExecutorService writers) throws IOException {
        this.path = path;
        this.direct =
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, ExtendedOpenOption.DIRECT);
        this.writers = writers;
    }

    private static ByteBuffer aligned() {
        return ByteBuffer.allocateDirect(BLOCK + ALIGNMENT)
                .alignedSlice(ALIGNMENT)
                .limit(BLOCK);
    }

    /**
     * Reads to the body's end, and syncs.
     *
     * @param offset a multiple of 4,096
     * @return the new offset
     */
    long append(ServletInputStream body, long offset) throws IOException {
        long at = offset;
        while (fill(body)) {
            at = flush(at, BLOCK);
        }
        int whole = filling.position() / ALIGNMENT * ALIGNMENT;
        int rest = filling.position() - whole;
        ByteBuffer tail = filling.duplicate().position(whole).limit(whole + rest);
        at = flush(at, whole);
        await();
        direct.force(false);
        if (rest > 0) {
            writeTail(tail, at);
        }
        return at + rest;
    }

    /** @return false at the body's end */
    private boolean fill(ServletInputStream body) throws IOException {
        filling.clear().limit(BLOCK);
        while (filling.position() < BLOCK) {
            int before = filling.position();
            int read = body.read(filling);
            // Tomcat leaves position and limit around the bytes that it has read.
            filling.limit(BLOCK).position(before + Math.max(read, 0));
            if (read < 0) {
                return false;
            }
        }
        return true;
    }

    private long flush(long at, int length) {
        await();
        ByteBuffer full = filling.clear().limit(length);
        filling = other;
        other = full;
        writing = CompletableFuture.runAsync(() -> write(full, at), writers);
        return at + length;
    }

    private void write(ByteBuffer content, long at) {
        try {
            for (long to = at; content.hasRemaining(); ) {
                to += direct.write(content, to);
            }
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    private void await() {
        writing.join();
    }

    private void writeTail(ByteBuffer tail, long at) throws IOException {
        try (FileChannel cached = FileChannel.open(path, StandardOpenOption.WRITE)) {
            cached.write(tail, at);
            cached.force(false);
        }
    }

    @Override
    public void close() throws IOException {
        direct.close();
    }
}
