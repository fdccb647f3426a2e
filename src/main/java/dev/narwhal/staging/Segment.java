package dev.narwhal.staging;

import java.nio.ByteBuffer;

/**
 * A pooled buffer that stands for a stretch of the file: received bytes from its start, then the room that the reader may
 * be filling at this moment. Written bytes are only ever taken from below {@link #filled()}, never from the room.
 */
final class Segment {

    private final ByteBuffer memory;
    private final BufferPool pool;
    private final SpaceGuard space;
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
            SpaceGuard space,
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

    /** Written in whole blocks, past the page cache. */
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

    /** Received bytes that have not been marked as written, up to {@code end}. */
    ByteBuffer unwritten(int end) {
        return memory.slice(written, end - written);
    }

    /** Where in the file {@link #unwritten} begins. */
    long unwrittenAt() {
        return start + written;
    }

    int written() {
        return written;
    }

    void markWritten(int end) {
        written = end;
    }

    /** Gives the memory back. Only when neither the reader nor a writer can still touch it. Idempotent. */
    void release() {
        if (!released) {
            released = true;
            space.settle(capacity);
            pool.giveBack(memory);
        }
    }
}
