package dev.narwhal.staging;

import dev.narwhal.disk.DiskCalls;
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
    private final AtomicLong looks = new AtomicLong();
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
        if (says(failure, "No space left on device") || says(failure, "quota exceeded")) {
            return true;
        }
        try {
            return freeBytes() < NEXT_TO_NOTHING;
        } catch (IOException e) {
            failure.addSuppressed(e);
            return false;
        }
    }

    /** Whether a write failed because the file system, or a limit of the process, has no larger file: 4 GiB on FAT32. */
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

    /** Free bytes of the file system, the reserve among them. */
    long freeBytes() throws IOException {
        return DiskCalls.call(freeSpace::usableBytes);
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
        long seen = looks.get();
        try {
            if (isStale() || budget.addAndGet(-bytes) < 0) {
                lookOrTake(bytes, seen);
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

    /** Of those who come together the first looks, and the others take from what it has seen. */
    private void lookOrTake(long wanted, long seen) throws IOException {
        looking.lock();
        try {
            if (looks.get() == seen || budget.addAndGet(-wanted) < 0) {
                look(wanted);
            }
        } finally {
            looking.unlock();
        }
    }

    private void look(long wanted) throws IOException {
        long left = headroom();
        lookedAt = nanoTime.getAsLong();
        looks.incrementAndGet();
        budget.set(Math.min(left, LOOK_AFTER_BYTES));
        if (left < 0) {
            throw full(wanted, left + wanted);
        }
    }

    private long headroom() throws IOException {
        // The promises first: one that is written in between is then counted twice, never not at all.
        long notWritten = promised.get();
        return freeBytes() - reserve - notWritten;
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
