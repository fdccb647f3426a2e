package dev.narwhal.staging;

import java.nio.ByteBuffer;

/**
 * A pooled buffer for a range of the file: received bytes from its start, then the free part that the reader may be
 * filling. Writes take bytes only from below {@link #filled()}, never from the free part.
 */
final class Segment {

    private final ByteBuffer memory;
    private final BufferPool pool;
    private final SpaceBudget space;
    private final long start;
    private final int capacity;
    private final boolean direct;
    private final long takenAt;

    private int filled;
    private int written;
    private boolean released;

    Segment(
            ByteBuffer memory,
            BufferPool pool,
            SpaceBudget space,
            long start,
            int capacity,
            boolean direct,
            long takenAt) {
        this.memory = memory;
        this.pool = pool;
        this.space = space;
        this.start = start;
        this.capacity = capacity;
        this.direct = direct;
        this.takenAt = takenAt;
    }

    /** Whether it is written in whole blocks by direct I/O. */
    boolean isDirect() {
        return direct;
    }

    boolean isFull() {
        return filled == capacity;
    }

    int filled() {
        return filled;
    }

    int capacity() {
        return capacity;
    }

    long takenAt() {
        return takenAt;
    }

    /** The free part. */
    ByteBuffer room() {
        return memory.slice(filled, capacity - filled);
    }

    void received(int bytes) {
        filled += bytes;
    }

    /** Received bytes not marked as written, up to {@code end}. */
    ByteBuffer unwritten(int end) {
        return memory.slice(written, end - written);
    }

    /** Position of {@link #unwritten} in the file. */
    long unwrittenAt() {
        return start + written;
    }

    int written() {
        return written;
    }

    void markWritten(int end) {
        written = end;
    }

    /**
     * Returns the memory to its pool. Call it only when neither the reader nor a writer can still access it.
     * Idempotent.
     */
    void release() {
        if (!released) {
            released = true;
            space.release(capacity);
            pool.giveBack(memory);
        }
    }
}
