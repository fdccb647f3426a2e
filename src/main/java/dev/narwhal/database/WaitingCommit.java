package dev.narwhal.database;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One caller of the {@link GroupCommitter} and what it will be told. Fields are written by the committer's thread before
 * the latch opens, and read by the caller after it.
 */
final class WaitingCommit<T extends @Nullable Object> {

    private final Supplier<T> statements;
    private final boolean synced;
    private final CountDownLatch answered = new CountDownLatch(1);
    private final long since = System.nanoTime();
    private @Nullable T result;
    private @Nullable Throwable failure;

    /** @param synced false when nobody relies on it after a power cut */
    WaitingCommit(Supplier<T> statements, boolean synced) {
        this.statements = statements;
        this.synced = synced;
    }

    /** False also for one that was refused: nothing of it is there to be synced. */
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

    /** Its own statements have failed, and were taken back; it is told with the others, who may have caused it. */
    void refuse(Throwable reason) {
        failure = reason;
    }

    void tell() {
        answered.countDown();
    }

    /** Does nothing to one that was answered. */
    void fail(Throwable reason) {
        if (answered.getCount() > 0) {
            failure = reason;
            answered.countDown();
        }
    }

    /** Waits through interrupts: the statements will run in any case, and only the answer says whether they counted. */
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
