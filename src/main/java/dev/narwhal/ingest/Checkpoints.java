package dev.narwhal.ingest;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Decides when a long body is synced and recorded in between: after 64 MiB, after 5 s with at least 1 MiB received, or
 * after 30 s with anything received. Browsers send a 50 GB file as one PATCH; a power cut costs them no more than this.
 */
final class Checkpoints {

    static final long MOST_BYTES = 64L << 20;
    private static final long FEW_BYTES = 1L << 20;
    private static final long SOON = Duration.ofSeconds(5).toNanos();
    private static final long LATE = Duration.ofSeconds(30).toNanos();
    private static final long RETRY_PAUSE = Duration.ofSeconds(2).toNanos();

    private final LongSupplier nanoTime;
    private long position;
    private long since;
    private boolean failed;
    private boolean recordedOnce;

    Checkpoints(long position, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        done(position);
        recordedOnce = false;
    }

    boolean isDue(long received) {
        long bytes = received - position;
        long waited = nanoTime.getAsLong() - since;
        if (failed && waited < RETRY_PAUSE) {
            return false;
        }
        if (bytes >= MOST_BYTES) {
            return true;
        }
        return (waited >= SOON && bytes >= FEW_BYTES) || (waited >= LATE && bytes > 0);
    }

    /** Nanoseconds until nothing was recorded for {@code pause}, at most 0 when that is so: pollers must not sync all the time. */
    long untilQuietFor(Duration pause) {
        return recordedOnce ? pause.toNanos() - (nanoTime.getAsLong() - since) : 0;
    }

    /** Whether something was recorded at that time or later. */
    boolean isDoneSince(long time) {
        return recordedOnce && since - time >= 0;
    }

    void done(long recorded) {
        position = recorded;
        since = nanoTime.getAsLong();
        failed = false;
        recordedOnce = true;
    }

    /** Tried in vain (the database is away): not again at once, the body goes on meanwhile. */
    void postpone() {
        failed = true;
        since = nanoTime.getAsLong();
    }
}
