package dev.narwhal.staging;

import dev.narwhal.disk.DiskCalls;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Keeps a reserve of the file system free. A body acquires space before it receives bytes, and releases it after they
 * are written. Between two queries of the file system, space comes from a budget, so that a buffer costs no query.
 *
 * <p>The file system does not yet count acquired, unwritten bytes as used, so each query subtracts them. A query also
 * sees the writes of others (the database, deliveries). There is one after {@link #REFRESH_AFTER_BYTES}, or after
 * {@link #REFRESH_AFTER_NANOS}; both are small compared with any sensible reserve.
 */
final class SpaceBudget {

    static final long REFRESH_AFTER_BYTES = 32L << 20;
    static final long REFRESH_AFTER_NANOS = 500_000_000L;

    private static final long OUT_OF_SPACE_BELOW = 1L << 20;

    private final FreeSpace freeSpace;
    private final long reserve;
    private final LongSupplier nanoTime;

    private final AtomicLong outstanding = new AtomicLong();
    private final AtomicLong budget = new AtomicLong();
    private final ReentrantLock refreshing = new ReentrantLock();
    private final AtomicLong refreshes = new AtomicLong();
    private volatile long refreshedAt;

    /** @param reserve bytes, at least 0, that stay free */
    SpaceBudget(FreeSpace freeSpace, long reserve, LongSupplier nanoTime) {
        this.freeSpace = freeSpace;
        this.reserve = reserve;
        this.nanoTime = nanoTime;
        this.refreshedAt = nanoTime.getAsLong() - REFRESH_AFTER_NANOS;
    }

    /**
     * Whether a write failed for lack of space: by the system's message, which may be in another language, or else by
     * the free space.
     */
    boolean isOutOfSpace(Throwable failure) {
        if (says(failure, "No space left on device") || says(failure, "quota exceeded")) {
            return true;
        }
        try {
            return freeBytes() < OUT_OF_SPACE_BELOW;
        } catch (IOException e) {
            failure.addSuppressed(e);
            return false;
        }
    }

    /**
     * Whether a write failed because the file system (4 GiB on FAT32), or a limit of the process, allows no larger
     * file.
     */
    static boolean isTooLargeAFile(Throwable failure) {
        return says(failure, "File too large");
    }

    private static boolean says(Throwable failure, String words) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (String.valueOf(cause.getMessage()).contains(words)) {
                return true;
            }
        }
        return false;
    }

    /** Free bytes of the file system, including the reserve. */
    long freeBytes() throws IOException {
        return DiskCalls.call(freeSpace::usableBytes);
    }

    long reserve() {
        return reserve;
    }

    /** @throws StagingFullException when {@code bytes} more do not fit above the reserve, or nothing does */
    void admit(long bytes) throws IOException {
        if (!isStale() && bytes <= budget.get()) {
            return;
        }
        long headroom = look();
        if (headroom <= 0 || bytes > headroom) {
            throw full(bytes, headroom);
        }
    }

    /**
     * Acquires space for bytes that are about to be received. The caller {@link #release releases} it exactly once.
     * @throws StagingFullException when only the reserve is left; then nothing is acquired
     */
    void acquire(long bytes) throws IOException {
        // Counted before the query: two concurrent callers may count each other twice, but never not at all.
        outstanding.addAndGet(bytes);
        long seen = refreshes.get();
        try {
            if (isStale() || budget.addAndGet(-bytes) < 0) {
                refreshOrTake(bytes, seen);
            }
        } catch (IOException e) {
            release(bytes);
            throw e;
        }
    }

    /** The file system counts the acquired bytes as used now, or they will never arrive. */
    void release(long bytes) {
        outstanding.addAndGet(-bytes);
    }

    private boolean isStale() {
        return nanoTime.getAsLong() - refreshedAt >= REFRESH_AFTER_NANOS;
    }

    /** Of concurrent callers the first queries the file system, and the others take from its result. */
    private void refreshOrTake(long wanted, long seen) throws IOException {
        refreshing.lock();
        try {
            if (refreshes.get() == seen || budget.addAndGet(-wanted) < 0) {
                refresh(wanted);
            }
        } finally {
            refreshing.unlock();
        }
    }

    /** Does not wait for another query: that may hang, and one that has to wait for the disk waits for its own. */
    private long look() throws IOException {
        if (!refreshing.tryLock()) {
            return headroom();
        }
        try {
            return measure();
        } finally {
            refreshing.unlock();
        }
    }

    /** Queries the file system; called under the lock. */
    private long measure() throws IOException {
        long left = headroom();
        refreshedAt = nanoTime.getAsLong();
        refreshes.incrementAndGet();
        budget.set(Math.min(left, REFRESH_AFTER_BYTES));
        return left;
    }

    private void refresh(long wanted) throws IOException {
        long left = measure();
        if (left < 0) {
            throw full(wanted, left + wanted);
        }
    }

    private long headroom() throws IOException {
        // Read first: bytes that are written in between then count twice, never not at all.
        long unwritten = outstanding.get();
        return freeBytes() - reserve - unwritten;
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
