package dev.narwhal.client.transfer;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/**
 * Runs an attempt and gives it up when nothing moves for too long. A connection whose other end vanished (a laptop changes
 * its network) keeps a write waiting for a quarter of an hour; Java has no timeout for writes.
 */
final class StallWatch {

    private static final long LOOK_EVERY_MILLIS = 100;

    private final Duration silence;
    private final LongSupplier nanos;

    StallWatch(Duration silence, LongSupplier nanos) {
        this.silence = silence;
        this.nanos = nanos;
    }

    /**
     * Returns when the attempt is through; throws what it threw.
     *
     * @throws StalledException when it was given up; its thread may live on, without effect
     */
    void run(Attempt attempt, TransferView view) throws Exception {
        FutureTask<Void> running = new FutureTask<>(attempt);
        Thread.ofPlatform().daemon().name("attempt").start(running);
        long activity = attempt.activity();
        long movedAt = nanos.getAsLong();
        while (!isOver(running)) {
            show(attempt, view);
            if (attempt.activity() != activity) {
                activity = attempt.activity();
                movedAt = nanos.getAsLong();
            } else if (nanos.getAsLong() - movedAt > silence.toNanos()) {
                attempt.abandon();
                throw new StalledException("nothing has moved for " + silence.toSeconds() + " s");
            }
        }
        show(attempt, view);
    }

    private static void show(Attempt attempt, TransferView view) {
        if (attempt.offset() >= 0) {
            view.reaches(attempt.position());
        }
    }

    private static boolean isOver(FutureTask<Void> running) throws Exception {
        try {
            running.get(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException stillRunning) {
            return false;
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw failed;
        }
    }
}
