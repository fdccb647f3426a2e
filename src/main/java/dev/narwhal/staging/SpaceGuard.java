package dev.narwhal.staging;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Keeps a reserve of the file system free. Room is promised before bytes are received and settled when they are written;
 * between two looks at the file system promises are taken from a budget, so that a look costs nothing per buffer.
 *
 * <p>What is promised and not written yet does not show in the free space, so it is taken off at each look. Other writers
 * (the database, deliveries) are seen at the next look: after {@link #LOOK_AFTER_BYTES}, or after
 * {@link #LOOK_AFTER_NANOS}. Both are small against any sensible reserve.
 */
final class SpaceGuard {

    static final long LOOK_AFTER_BYTES = 32L << 20;
    static final long LOOK_AFTER_NANOS = 500_000_000L;

    private static final long NEXT_TO_NOTHING = 1L << 20;

    private final FreeSpace freeSpace;
    private final long reserve;
    private final LongSupplier nanoTime;

    private final AtomicLong promised = new AtomicLong();
    private final AtomicLong budget = new AtomicLong();
    private final ReentrantLock looking = new ReentrantLock();
    private volatile long lookedAt;

    /** @param reserve bytes, at least 0, that stay free */
    SpaceGuard(FreeSpace freeSpace, long reserve, LongSupplier nanoTime) {
        this.freeSpace = freeSpace;
        this.reserve = reserve;
        this.nanoTime = nanoTime;
        this.lookedAt = nanoTime.getAsLong() - LOOK_AFTER_NANOS;
    }

    /**
     * Why a write failed, as far as it can be told: the system's own words, which may be in another language, or else by
     * looking.
     */
    boolean isOutOfSpace(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage());
            if (message.contains("No space left on device") || message.contains("quota exceeded")) {
                return true;
            }
        }
        try {
            return freeSpace.usableBytes() < NEXT_TO_NOTHING;
        } catch (IOException e) {
            failure.addSuppressed(e);
            return false;
        }
    }

    /** Free bytes of the file system, the reserve among them. */
    long freeBytes() throws IOException {
        return freeSpace.usableBytes();
    }

    long reserve() {
        return reserve;
    }

    /** @throws StagingFullException when {@code bytes} more do not fit above the reserve, or nothing does */
    void admit(long bytes) throws IOException {
        long headroom = headroom();
        if (headroom <= 0 || bytes > headroom) {
            throw full(bytes, headroom);
        }
    }

    /**
     * Promises room for bytes that are about to be received. Each promise is {@link #settle settled} exactly once.
     *
     * @throws StagingFullException when only the reserve is left; nothing is promised then
     */
    void promise(long bytes) throws IOException {
        // Promised before it is asked for: two that ask at once may count each other twice, never not at all.
        promised.addAndGet(bytes);
        try {
            if (isStale() || budget.addAndGet(-bytes) < 0) {
                look(bytes);
            }
        } catch (IOException e) {
            settle(bytes);
            throw e;
        }
    }

    /** The promised bytes are in the file system's books now, or will never come. */
    void settle(long bytes) {
        promised.addAndGet(-bytes);
    }

    private boolean isStale() {
        return nanoTime.getAsLong() - lookedAt >= LOOK_AFTER_NANOS;
    }

    private void look(long wanted) throws IOException {
        looking.lock();
        try {
            long left = headroom();
            lookedAt = nanoTime.getAsLong();
            budget.set(Math.min(left, LOOK_AFTER_BYTES));
            if (left < 0) {
                throw full(wanted, left + wanted);
            }
        } finally {
            looking.unlock();
        }
    }

    private long headroom() throws IOException {
        // The promises first: one that is written in between is then counted twice, never not at all.
        long notWritten = promised.get();
        return freeSpace.usableBytes() - reserve - notWritten;
    }

    private StagingFullException full(long bytes, long headroom) {
        return new StagingFullException("Not enough room: " + bytes + " bytes are wanted, " + Math.max(0, headroom)
                + " are free above the reserve of " + reserve + " (narwhal.staging.reserve)");
    }

    /** Free bytes of the file system, as a user without privileges may use them. */
    @FunctionalInterface
    interface FreeSpace {

        long usableBytes() throws IOException;
    }
}
