package dev.narwhal.ingest;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Waits for a call that may block on the disk, but only for a limited time. A thread inside a file write cannot be
 * interrupted, so the call runs on a thread of its own.
 */
final class TimedCall {

    /** Set by whichever comes first: the work that takes effect, or the caller that stops waiting. */
    private final AtomicBoolean decided = new AtomicBoolean();

    private TimedCall() {}

    /** The work that the caller waits for. */
    interface Work {

        /**
         * @return whether the work was done; work that must not take effect after the caller has left asks
         *     {@link #commit} first
         */
        boolean run(TimedCall call) throws InterruptedException;
    }

    /** @return false when the work was not done, or has not been done in time */
    static boolean await(Duration patience, Work work) throws InterruptedException {
        TimedCall call = new TimedCall();
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        Thread.startVirtualThread(() -> {
            try {
                done.complete(work.run(call));
            } catch (Throwable e) {
                done.completeExceptionally(e);
            }
        });
        try {
            return done.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } finally {
            call.decided.set(true);
        }
    }

    /**
     * True when the caller still waits and the work may take effect. The caller then usually learns the result,
     * unless its time ends at this very moment.
     */
    boolean commit() {
        return decided.compareAndSet(false, true);
    }
}
