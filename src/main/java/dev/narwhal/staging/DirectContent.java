package dev.narwhal.staging;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A staged file read past the page cache, in blocks, for one pass by one reader: what was written past it is not in it, and
 * reading it through it would be slow and push out what others read. The kernel writes back what the cache holds of a
 * stretch before it reads it so. Goes on through the cache when a direct read fails.
 */
final class DirectContent implements StagedContent {

    private static final Logger log = LoggerFactory.getLogger(DirectContent.class);

    private final StagedContent cached;
    private final FileChannel direct;
    private final ByteBuffer memory;
    private final Consumer<ByteBuffer> giveBack;
    private long start;
    private int filled;
    private boolean refused;
    private boolean closed;

    /**
     * @param cached the same file, which is read when it cannot be had direct; closed with this
     * @param memory aligned; given back when this is closed
     */
    DirectContent(StagedContent cached, FileChannel direct, ByteBuffer memory, Consumer<ByteBuffer> giveBack) {
        this.cached = cached;
        this.direct = direct;
        this.memory = memory;
        this.giveBack = giveBack;
    }

    @Override
    public long length() {
        return cached.length();
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
        if (position < 0 || position >= length() || !isFilledFrom(position)) {
            return cached.read(target, position);
        }
        int from = (int) (position - start);
        int bytes = (int) Math.min(Math.min(target.remaining(), filled - from), length() - position);
        target.put(memory.slice(from, bytes));
        return bytes;
    }

    private boolean isFilledFrom(long position) {
        if (position >= start && position < start + filled) {
            return true;
        }
        if (!refused) {
            fill(position);
        }
        return position >= start && position < start + filled;
    }

    private void fill(long position) {
        start = position - position % StagingTuning.ALIGNMENT;
        filled = 0;
        try {
            filled = Math.max(0, Uninterrupted.call(() -> direct.read(memory.clear(), start)));
        } catch (IOException e) {
            refused = true;
            log.debug("staging.direct-read-failed on through the page cache: {}", e.toString());
        }
    }

    @Override
    public Optional<Path> file() {
        return cached.file();
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try (cached) {
            direct.close();
        } catch (IOException e) {
            log.debug("staging.close-failed {}", e.toString());
        } finally {
            giveBack.accept(memory);
        }
    }
}
