package dev.narwhal.staging;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/** Reads a staged file in large blocks, for one pass by one reader whose own buffers are too small for direct I/O. */
final class BlockContent implements StagedContent {

    private final StagedContent content;
    private final ByteBuffer memory;
    private final Consumer<ByteBuffer> giveBack;
    private long start;
    private int filled;
    private boolean closed;

    /**
     * @param content closed with this
     * @param memory aligned; returned to its pool when this is closed
     */
    BlockContent(StagedContent content, ByteBuffer memory, Consumer<ByteBuffer> giveBack) {
        this.content = content;
        this.memory = memory;
        this.giveBack = giveBack;
    }

    @Override
    public long length() {
        return content.length();
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
        if (position < 0 || position >= length()) {
            return content.read(target, position);
        }
        if (position < start || position >= start + filled) {
            fill(position);
        }
        int from = (int) (position - start);
        int bytes = Math.min(target.remaining(), filled - from);
        target.put(memory.slice(from, bytes));
        return bytes;
    }

    private void fill(long position) throws IOException {
        start = position - position % StagingTuning.ALIGNMENT;
        filled = 0;
        memory.clear();
        while (start + filled <= position) {
            filled += content.read(memory, start + filled);
        }
    }

    @Override
    public Optional<Path> file() {
        return content.file();
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            content.close();
        } finally {
            giveBack.accept(memory);
        }
    }
}
