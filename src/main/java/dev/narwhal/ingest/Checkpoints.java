package dev.narwhal.ingest;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Decides when a long body is synced and recorded in between: after 64 MiB, after 5 s with at least 1 MiB received, or
 * after 30 s with anything received. Browsers send a 50 GB file as one PATCH; a power cut costs them no more than this.
 *
 * <p>And when it is because somebody asks how far it is. That may be the body's own client, whose connection is dead: it is
 * told all that came, which is known once nothing has come for a moment. While bytes keep coming it is somebody who watches,
 * and has no use for an offset of this very instant; pollers must not make a body sync all the time.
 */
final class Checkpoints {

    static final long MOST_BYTES = 64L << 20;
    private static final long FEW_BYTES = 1L << 20;
    private static final long SOON = Duration.ofSeconds(5).toNanos();
    private static final long LATE = Duration.ofSeconds(30).toNanos();
    private static final long RETRY_PAUSE = Duration.ofSeconds(2).toNanos();
    private static final long SETTLED = Duration.ofMillis(50).toNanos();
    private static final long PATIENCE = Duration.ofMillis(250).toNanos();
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

    /** Bytes have come. */
    void arrived() {
        arrival = nanoTime.getAsLong();
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

    /** Whether who asked at that time can be told what is recorded: it was since, or lately and bytes keep coming. */
    boolean isAnswered(long asked) {
        return recordedOnce && (since - asked >= 0 || isLive(asked) && elapsed(since) < FRESH);
    }

    /** Nanoseconds for which bytes may still follow the last ones, or the question waits at all; at most 0 when it is over. */
    long untilSettled(long asked) {
        return Math.min(SETTLED - elapsed(arrival), PATIENCE - elapsed(asked));
    }

    /** Nanoseconds until something may be recorded for a question again; at most 0 for now. */
    long untilTurn() {
        return recordedOnce ? PATIENCE - elapsed(since) : 0;
    }

    /** Bytes keep coming for as long as the question waits. */
    private boolean isLive(long asked) {
        return elapsed(asked) >= PATIENCE && elapsed(arrival) < SETTLED;
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

    /** Tried in vain (the database is away): not again at once, the body goes on meanwhile. */
    void postpone() {
        failed = true;
        since = nanoTime.getAsLong();
    }
}
