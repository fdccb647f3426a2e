package dev.narwhal.upload;

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
    private @Nullable T result;
    private @Nullable Throwable failure;

    /** @param synced false when nobody relies on it after a power cut */
    WaitingCommit(Supplier<T> statements, boolean synced) {
        this.statements = statements;
        this.synced = synced;
    }

    boolean isSynced() {
        return synced;
    }

    void run() {
        result = statements.get();
    }

    void succeed() {
        answered.countDown();
    }

    void fail(Throwable reason) {
        failure = reason;
        answered.countDown();
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
