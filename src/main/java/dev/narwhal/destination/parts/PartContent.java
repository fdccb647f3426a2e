package dev.narwhal.destination.parts;

import dev.narwhal.destination.ContentSource;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The content for the transfer of one part, which reads the part several times from its beginning to its end. It reads ahead
 * into a buffer. The buffer holds a whole part of the default size, so that such a part is read from the disk only once.
 */
final class PartContent implements ContentSource, Closeable {

    private final ContentSource content;
    private final long end;
    private final ByteBuffer memory;
    private long start;
    private int filled;
    private boolean closed;

    /**
     * @param end position after the part's last byte in the content
     * @param memory an aligned direct buffer; this object uses it until it is closed
     */
    PartContent(ContentSource content, long end, ByteBuffer memory) {
        this.content = content;
        this.end = end;
        this.memory = memory;
    }

    @Override
    public long length() {
        return content.length();
    }

    @Override
    public synchronized int read(ByteBuffer target, long position) throws IOException {
        if (closed) {
            // The buffer may hold another part's bytes by now. A late reader of this transfer must not send those.
            throw new IOException("The part's transfer has ended");
        }
        if (position >= end) {
            return content.read(target, position);
        }
        if (position < start || position >= start + filled) {
            fill(position);
        }
        int from = (int) (position - start);
        if (from >= filled) {
            return -1;
        }
        int bytes = (int) Math.min(Math.min(target.remaining(), filled - from), end - position);
        target.put(memory.slice(from, bytes));
        return bytes;
    }

    private void fill(long position) throws IOException {
        filled = 0;
        start = position - position % ALIGNMENT;
        long wanted = Math.ceilDiv(end - start, ALIGNMENT) * ALIGNMENT;
        memory.clear().limit((int) Math.min(memory.capacity(), wanted));
        int read = 0;
        while (memory.hasRemaining() && start + filled < end && read >= 0) {
            read = content.read(memory, start + filled);
            filled += Math.max(0, read);
        }
    }

    @Override
    public Optional<Path> file() {
        return content.file();
    }

    @Override
    public synchronized void close() {
        closed = true;
    }
}
