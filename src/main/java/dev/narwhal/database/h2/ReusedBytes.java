package dev.narwhal.database.h2;

import java.nio.ByteBuffer;

/**
 * A buffer for one use after the other: a commit needs several, and most of what a small upload allocated was these. Not safe for
 * threads.
 */
final class ReusedBytes {

    /** A larger buffer is for one use only: what a rare large commit needs is not kept. */
    private static final int LARGEST_KEPT = 1 << 20;

    private ByteBuffer kept = ByteBuffer.allocate(AtomicFile.BLOCK);

    /** An empty buffer with that limit, valid until the next call. Its bytes are those of earlier uses. */
    ByteBuffer take(int length) {
        if (length > LARGEST_KEPT) {
            return ByteBuffer.allocate(length);
        }
        if (length > kept.capacity()) {
            kept = ByteBuffer.allocate(Math.min(LARGEST_KEPT, 2 * length));
        }
        return kept.clear().limit(length);
    }
}
