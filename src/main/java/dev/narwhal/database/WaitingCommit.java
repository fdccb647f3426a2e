package dev.narwhal.database;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One call of the {@link GroupCommitter} and its answer. The committer's thread writes the fields before it opens the latch,
 * and the caller reads them after that.
 */
final class WaitingCommit<T extends @Nullable Object> {

    private final Supplier<T> statements;
    private final boolean synced;
    private final CountDownLatch answered = new CountDownLatch(1);
    private final long since = System.nanoTime();
    private @Nullable T result;
    private @Nullable Throwable failure;

    /** @param synced false when the caller does not rely on the change after a power cut */
    WaitingCommit(Supplier<T> statements, boolean synced) {
        this.statements = statements;
        this.synced = synced;
    }

    /** False also for a call whose statements have failed: it has no change to sync. */
    boolean needsSync() {
        return synced && failure == null;
    }

    Duration age() {
        return Duration.ofNanos(System.nanoTime() - since);
    }

    void run() {
        failure = null;
        result = statements.get();
    }

    /**
     * The call's own statements have failed and were rolled back. The caller gets the failure together with the rest of the
     * group, since other calls of the group may have caused it.
     */
    void recordFailure(Throwable reason) {
        failure = reason;
    }

    void complete() {
        answered.countDown();
    }

    /** Does nothing once the call is answered. */
    void fail(Throwable reason) {
        if (answered.getCount() > 0) {
            failure = reason;
            answered.countDown();
        }
    }

    /** Waits through interrupts: the statements run in any case, and only the answer says whether they were committed. */
    T await() {
        boolean interrupted = false;
        while (answered.getCount() > 0) {
            try {
                answered.await();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return answer();
    }

    @SuppressWarnings("NullAway") // null only where T allows it: it is what the statements returned
    private T answer() {
        switch (failure) {
            case null -> {
                return result;
            }
            case RuntimeException exception -> throw exception;
            case Error error -> throw error;
            default -> throw new IllegalStateException(failure);
        }
    }
}
