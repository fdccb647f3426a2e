package dev.narwhal.ingest;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Decides when a long body is synced and recorded before its end: after 64 MiB, after 5 s with at least 1 MiB
 * received, or after 30 s with anything received. After 48 MiB the body's bytes are synced beside its reader, and
 * recorded when that is done, so that a fast body need not stop. Browsers send a 50 GB file as one PATCH; a power cut costs them no
 * more than this.
 *
 * <p>A HEAD also forces a checkpoint. If no byte has arrived for 50 ms, the client has probably lost its connection
 * and is about to resume, so everything received is recorded before HEAD answers. While bytes keep arriving, the HEAD
 * probably comes from a client that only shows progress: a checkpoint at most 2 s old answers it, so that polling
 * does not sync the body all the time.
 */
final class Checkpoints {

    static final long MOST_BYTES = 64L << 20;
    static final long MANY_BYTES = 48L << 20;
    private static final long FEW_BYTES = 1L << 20;
    private static final long SOON = Duration.ofSeconds(5).toNanos();
    private static final long LATE = Duration.ofSeconds(30).toNanos();
    private static final long RETRY_PAUSE = Duration.ofSeconds(2).toNanos();
    private static final long QUIET = Duration.ofMillis(50).toNanos();
    private static final long MOST_WAIT = Duration.ofMillis(250).toNanos();
    private static final long FRESH = Duration.ofSeconds(2).toNanos();

    private final LongSupplier nanoTime;
    private long position;
    private long since;
    private long arrival;
    private boolean failed;
    private boolean recordedOnce;

    Checkpoints(long position, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        done(position);
        arrival = since;
        recordedOnce = false;
    }

    /** Notes that bytes have arrived. */
    void arrived() {
        arrival = nanoTime.getAsLong();
    }

    /** True when a sync beside the reader should begin, so that no checkpoint becomes due. */
    boolean isNear(long received) {
        return received - position >= MANY_BYTES && !(failed && elapsed(since) < RETRY_PAUSE);
    }

    boolean isDue(long received) {
        long bytes = received - position;
        long waited = elapsed(since);
        if (failed && waited < RETRY_PAUSE) {
            return false;
        }
        if (bytes >= MOST_BYTES) {
            return true;
        }
        return (waited >= SOON && bytes >= FEW_BYTES) || (waited >= LATE && bytes > 0);
    }

    /**
     * True when the recorded offset answers a HEAD asked at that time: it was recorded after the HEAD, or it is less
     * than 2 s old and bytes kept arriving while the HEAD waited.
     */
    boolean isAnswered(long asked) {
        return recordedOnce && (since - asked >= 0 || isStillReceiving(asked) && elapsed(since) < FRESH);
    }

    /**
     * Nanoseconds to wait before answering: until no byte has arrived for {@link #QUIET}, but no longer than
     * {@link #MOST_WAIT} after the question. Zero or negative: answer now.
     */
    long untilAnswer(long asked) {
        return Math.min(QUIET - elapsed(arrival), MOST_WAIT - elapsed(asked));
    }

    /** Nanoseconds until the next checkpoint for a HEAD is allowed. Zero or negative: now. */
    long untilNextCheckpoint() {
        return recordedOnce ? MOST_WAIT - elapsed(since) : 0;
    }

    /** True when the HEAD has waited {@link #MOST_WAIT} and bytes still arrive. */
    private boolean isStillReceiving(long asked) {
        return elapsed(asked) >= MOST_WAIT && elapsed(arrival) < QUIET;
    }

    private long elapsed(long time) {
        return nanoTime.getAsLong() - time;
    }

    void done(long recorded) {
        position = recorded;
        since = nanoTime.getAsLong();
        failed = false;
        recordedOnce = true;
    }

    /** The database was away: the next attempt comes after a pause, and the body continues meanwhile. */
    void postpone() {
        failed = true;
        since = nanoTime.getAsLong();
    }
}
