package dev.narwhal.http;

import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;

/** Some buffers on the heap that connections use in turn. Further ones are made, and left to the garbage collector. */
final class BufferStack {

    private final int most;
    private final ConcurrentLinkedDeque<ByteBuffer> idle = new ConcurrentLinkedDeque<>();
    private final AtomicInteger count = new AtomicInteger();

    /** @param most how many are kept */
    BufferStack(int most) {
        this.most = most;
    }

    /** A buffer of exactly that capacity, with all of it between position and limit, and old bytes in it. */
    ByteBuffer take(int capacity) {
        ByteBuffer buffer = idle.pollFirst();
        if (buffer == null) {
            return ByteBuffer.allocate(capacity);
        }
        count.decrementAndGet();
        return buffer.capacity() == capacity ? buffer.clear() : ByteBuffer.allocate(capacity);
    }

    /** Takes a buffer back. Nobody may refer to its bytes any more. */
    void giveBack(ByteBuffer buffer) {
        if (count.get() < most) {
            count.incrementAndGet();
            idle.addFirst(buffer);
        }
    }
}
