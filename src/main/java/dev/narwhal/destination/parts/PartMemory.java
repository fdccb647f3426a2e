package dev.narwhal.destination.parts;

import dev.narwhal.destination.ContentSource;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Memory for the bytes of parts in flight, outside the heap: a part is checked and sent, if need be again, and is read from
 * the disk only once. What comes back is kept for the next, since fresh memory is slow.
 */
final class PartMemory {

    /** Takes no more of the process's direct memory than this part of it: bodies have their buffers there, too. */
    private static final int SHARE = 4;

    private final int limit;
    private final ConcurrentLinkedDeque<ByteBuffer> idle = new ConcurrentLinkedDeque<>();
    private final AtomicInteger lent = new AtomicInteger();

    /** @param limit how many pieces of {@link PartBudget#PLACE} bytes may be lent at a time, from 0 */
    PartMemory(int limit) {
        this.limit = limit;
    }

    /** One piece for each place, as far as this JVM has memory for them. */
    static PartMemory forPlaces(int places) {
        long affordable = Runtime.getRuntime().maxMemory() / SHARE / PartBudget.PLACE;
        return new PartMemory((int) Math.min(places, affordable));
    }

    int lent() {
        return lent.get();
    }

    /** An aligned direct buffer; null when as many as allowed are lent, or there is no memory. Never waits. */
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
            return ContentSource.aligned((int) PartBudget.PLACE);
        } catch (OutOfMemoryError e) {
            lent.decrementAndGet();
            return null;
        }
    }

    /** Takes memory back that nobody reads from or writes to any more. */
    void giveBack(ByteBuffer memory) {
        idle.addFirst(memory);
        lent.decrementAndGet();
    }
}
