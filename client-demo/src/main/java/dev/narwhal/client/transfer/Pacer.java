package dev.narwhal.client.transfer;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Keeps an upload below a speed. Not thread-safe: one attempt at a time. */
public final class Pacer {

    private static final int LARGEST_WRITE = 64 * 1024;
    private static final int WRITES_PER_SECOND = 10;
    private static final long MADE_UP_FOR_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final long bytesPerSecond;
    private final LongSupplier nanos;
    private long freeAt;

    /** @param bytesPerSecond 0 for no limit */
    public Pacer(long bytesPerSecond, LongSupplier nanos) {
        if (bytesPerSecond < 0) {
            throw new IllegalArgumentException("A speed is not negative: " + bytesPerSecond);
        }
        this.bytesPerSecond = bytesPerSecond;
        this.nanos = nanos;
        this.freeAt = nanos.getAsLong();
    }

    /** How much to write at once: small enough that a slow upload flows instead of jumping. */
    int writeSize() {
        return bytesPerSecond == 0 ? LARGEST_WRITE : Math.clamp(bytesPerSecond / WRITES_PER_SECOND, 1, LARGEST_WRITE);
    }

    /** Waits until so many bytes fit below the limit. A late wake-up is made up for, a break of the connection is not. */
    void await(int bytes) throws InterruptedException {
        if (bytesPerSecond > 0) {
            long now = nanos.getAsLong();
            freeAt = Math.max(freeAt, now - MADE_UP_FOR_NANOS) + bytes * TimeUnit.SECONDS.toNanos(1) / bytesPerSecond;
            TimeUnit.NANOSECONDS.sleep(freeAt - now);
        }
    }
}
