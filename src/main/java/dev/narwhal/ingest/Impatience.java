package dev.narwhal.ingest;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One who waits for a step that ends with the disk, and leaves when it takes too long: a thread inside a file write can
 * neither be interrupted nor leave by itself, so the step has a thread of its own.
 */
final class Impatience {

    /** Set by the first of the two: the step that takes effect, or the waiter that leaves. */
    private final AtomicBoolean settled = new AtomicBoolean();

    private Impatience() {}

    /** What is waited for. */
    interface Step {

        /** @return whether it was done; a step that must not be done in vain asks {@link #take} before it takes effect */
        boolean run(Impatience waiter) throws InterruptedException;
    }

    /** @return false when it was not done, or is not done yet */
    static boolean await(Duration patience, Step step) throws InterruptedException {
        Impatience waiter = new Impatience();
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        Thread.startVirtualThread(() -> {
            try {
                done.complete(step.run(waiter));
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
            waiter.settled.set(true);
        }
    }

    /** True when the waiter is still there, and hears of what is done now unless its patience ends this very moment. */
    boolean take() {
        return settled.compareAndSet(false, true);
    }
}
