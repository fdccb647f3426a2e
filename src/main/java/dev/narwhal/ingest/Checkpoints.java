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

    Checkpoints(long position, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        done(position);
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

    /** True when nothing was done for {@code pause}; keeps a poller of HEAD from syncing with every request. */
    boolean isQuietFor(Duration pause) {
        return nanoTime.getAsLong() - since >= pause.toNanos();
    }

    void done(long recorded) {
        position = recorded;
        since = nanoTime.getAsLong();
        failed = false;
    }

    /** Tried in vain (the database is away): not again at once, the body goes on meanwhile. */
    void postpone() {
        failed = true;
        since = nanoTime.getAsLong();
    }
}
