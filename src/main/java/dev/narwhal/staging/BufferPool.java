package dev.narwhal.staging;

import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A pool of direct buffers of one size, aligned for direct I/O. Bodies hold at most {@code limit} of them at a time.
 * The pool keeps returned buffers, because direct memory is expensive to allocate and freed only by the garbage
 * collector.
 */
final class BufferPool {

    private final int size;
    private final int alignment;
    private final int limit;
    private final ConcurrentLinkedDeque<ByteBuffer> idle = new ConcurrentLinkedDeque<>();
    private final AtomicInteger lent = new AtomicInteger();

    /**
     * @param size bytes of each buffer; a multiple of {@code alignment}
     * @param alignment of each buffer's address; a power of two
     * @param limit how many bodies may hold at a time
     */
    BufferPool(int size, int alignment, int limit) {
        if (size < 1 || size % alignment != 0) {
            throw new IllegalArgumentException(
                    "A pooled buffer's size is a multiple of its alignment " + alignment + ", not " + size);
        }
        this.size = size;
        this.alignment = alignment;
        this.limit = limit;
    }

    int size() {
        return size;
    }

    /** How many buffers bodies may hold at a time. */
    int limit() {
        return limit;
    }

    /** How many buffers bodies hold now. */
    int lent() {
        return lent.get();
    }

    /** A buffer with all its bytes between position and limit; null when the limit is reached. Never waits. */
    @Nullable
    ByteBuffer tryTake() {
        if (lent.incrementAndGet() > limit) {
            lent.decrementAndGet();
            return null;
        }
        ByteBuffer buffer = idle.pollFirst();
        return buffer == null ? allocate() : buffer.clear();
    }

    /** Takes a buffer back. No thread may read from it or write to it any more. */
    void giveBack(ByteBuffer buffer) {
        idle.addFirst(buffer);
        lent.decrementAndGet();
    }

    private ByteBuffer allocate() {
        try {
            return ByteBuffer.allocateDirect(size + alignment - 1)
                    .alignedSlice(alignment)
                    .limit(size)
                    .slice();
        } catch (OutOfMemoryError e) {
            lent.decrementAndGet();
            throw e;
        }
    }
}
