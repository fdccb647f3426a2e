package dev.narwhal.staging;

import java.util.function.LongSupplier;

/**
 * Thresholds and sizes for writing a body. Not settings, since an operator would gain nothing. Tests use other values
 * to force a path.
 *
 * @param smallBuffer bytes of the buffer that each body begins with and slow ones keep
 * @param mediumBuffer bytes of the buffer of a body of medium speed
 * @param directBuffer bytes of the buffer of a body with direct I/O
 * @param mediumBuffers how many medium buffers may be in use
 * @param directBuffers how many direct buffers may be in use; 0 switches direct I/O off
 * @param tooSlowNanos a medium or direct buffer that takes longer to fill is too large for its body
 * @param fastWindow bytes over which a body's speed is measured
 * @param fastNanos a window received within this time makes a body fast
 * @param largeRemaining bytes that must still arrive for direct I/O, if the body's length is known
 * @param largeReceived bytes that must have arrived for direct I/O, if the body's length is unknown
 * @param syncEvery bytes written through the page cache after which a sync starts in the background
 * @param nanoTime the clock for speeds
 */
record StagingTuning(
        int smallBuffer,
        int mediumBuffer,
        int directBuffer,
        int mediumBuffers,
        int directBuffers,
        long tooSlowNanos,
        long fastWindow,
        long fastNanos,
        long largeRemaining,
        long largeReceived,
        long syncEvery,
        LongSupplier nanoTime) {

    private static final int KIB = 1 << 10;
    private static final int MIB = 1 << 20;

    /** Addresses and sizes are multiples of this; at least every file system's block where direct I/O is used. */
    static final int ALIGNMENT = 4 * KIB;

    /**
     * The values in production, for a JVM with {@code maxMemory} bytes of heap and, by default, as much direct memory.
     * There is a small buffer for each connection, so the other kinds get a limited part of that memory.
     */
    static StagingTuning forMemory(long maxMemory) {
        return new StagingTuning(
                8 * KIB,
                64 * KIB,
                MIB,
                (int) Math.clamp(maxMemory / 4 / (64 * KIB), 16, 4096),
                (int) Math.clamp(maxMemory / 8 / MIB, 4, 64),
                500_000_000L,
                MIB,
                40_000_000L,
                2 * MIB,
                8 * MIB,
                4 * MIB,
                System::nanoTime);
    }

    static StagingTuning forThisJvm() {
        return forMemory(Runtime.getRuntime().maxMemory());
    }
}
