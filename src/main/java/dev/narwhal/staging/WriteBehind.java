package dev.narwhal.staging;

import dev.narwhal.disk.IoWork;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Runs one piece of file work at a time in the background. The next call throws its failure. Not safe for concurrent
 * callers. Waiting ignores interrupts: the work ends when the disk answers.
 */
final class WriteBehind {

    private final Executor writers;
    private CompletableFuture<@Nullable Void> running = CompletableFuture.completedFuture(null);

    WriteBehind(Executor writers) {
        this.writers = writers;
    }

    boolean isIdle() {
        return running.isDone();
    }

    /** Waits for the previous work, then starts this. */
    void start(IoWork work) throws IOException {
        await();
        running = CompletableFuture.runAsync(() -> run(work), writers);
    }

    /** Throws the failure of the last work if that has failed by now; does not wait. */
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
