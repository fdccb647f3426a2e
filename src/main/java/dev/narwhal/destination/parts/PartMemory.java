package dev.narwhal.destination.parts;

import dev.narwhal.destination.ContentSource;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A pool of direct buffers for the bytes of parts in flight. A transfer reads its part several times: to compute the checksum,
 * to send it, and to send it again. With a buffer it reads the part from the disk only once. The pool keeps returned buffers,
 * because allocating new ones is slow.
 */
final class PartMemory {

    /** The pool uses at most one fourth of the process's direct memory: request bodies have their buffers there, too. */
    private static final int SHARE = 4;

    private final int limit;
    private final ConcurrentLinkedDeque<ByteBuffer> idle = new ConcurrentLinkedDeque<>();
    private final AtomicInteger lent = new AtomicInteger();

    /** @param limit how many buffers of {@link PartBudget#PERMIT_BYTES} bytes may be lent at a time, from 0 */
    PartMemory(int limit) {
        this.limit = limit;
    }

    /** One buffer for each permit, as far as this JVM has memory for them. */
    static PartMemory forPermits(int permits) {
        long affordable = Runtime.getRuntime().maxMemory() / SHARE / PartBudget.PERMIT_BYTES;
        return new PartMemory((int) Math.min(permits, affordable));
    }

    int lent() {
        return lent.get();
    }

    /** Lends an aligned direct buffer; null when the limit is reached, or the JVM has no memory left. Never waits. */
    @Nullable
    ByteBuffer tryTake() {
        if (lent.incrementAndGet() > limit) {
            lent.decrementAndGet();
            return null;
        }
        ByteBuffer memory = idle.pollFirst();
        if (memory != null) {
            return memory.clear();
        }
        try {
            return ContentSource.aligned((int) PartBudget.PERMIT_BYTES);
        } catch (OutOfMemoryError e) {
            lent.decrementAndGet();
            return null;
        }
    }

    /** Returns a buffer to the pool. The caller must not use it any more. */
    void giveBack(ByteBuffer memory) {
        idle.addFirst(memory);
        lent.decrementAndGet();
    }
}
