package dev.narwhal.staging;

import dev.narwhal.disk.IoWork;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * One piece of work at a time that runs behind the caller's back. Its failure surfaces at the next call. Not safe for
 * several callers at once. Waiting ignores interrupts: what is waited for always ends with the disk.
 */
final class Behind {

    private final Executor writers;
    private CompletableFuture<@Nullable Void> running = CompletableFuture.completedFuture(null);

    Behind(Executor writers) {
        this.writers = writers;
    }

    boolean isIdle() {
        return running.isDone();
    }

    /** Waits for the work before, then starts this. */
    void start(IoWork work) throws IOException {
        await();
        running = CompletableFuture.runAsync(() -> run(work), writers);
    }

    /** Fails when the work that was last started has failed by now; does not wait. */
    void check() throws IOException {
        if (running.isDone()) {
            await();
        }
    }

    void await() throws IOException {
        try {
            running.join();
        } catch (CompletionException e) {
            throw new IOException(String.valueOf(e.getCause()), e.getCause());
        }
    }

    private static void run(IoWork work) {
        try {
            work.run();
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }
}
