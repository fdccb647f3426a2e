package dev.narwhal.disk;

import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Makes the file system calls of virtual threads. During such a call a virtual thread occupies its carrier thread, and
 * there are only as many carriers as processors. If each carrier were in a hanging write, the process would answer no
 * request at all, not even one that needs no disk. So only some virtual threads call directly, and always leave a
 * carrier free; for the others platform threads make the call, while the virtual threads wait.
 *
 * <p>In a sync the JVM compensates for the occupied carrier by starting another one, up to a limit.
 */
public final class DiskCalls {

    private static final int SYNCS = 64;
    private static final int THREADS = 64;
    private static final long IDLE_SECONDS = 30;

    private static final Semaphore CALLS = new Semaphore(Runtime.getRuntime().availableProcessors() - 1);
    private static final Semaphore SYNCING = new Semaphore(SYNCS);
    private static final AtomicInteger NUMBERS = new AtomicInteger();
    private static final Executor CALLERS = callers();

    private DiskCalls() {}

    /** For short calls. */
    public static <T> T call(IoWork.WithResult<T> work) throws IOException {
        return call(work, CALLS);
    }

    public static <T> T sync(IoWork.WithResult<T> work) throws IOException {
        return call(work, SYNCING);
    }

    private static <T> T call(IoWork.WithResult<T> work, Semaphore places) throws IOException {
        if (!Thread.currentThread().isVirtual()) {
            return work.run();
        }
        if (!places.tryAcquire()) {
            return elsewhere(work, CALLERS);
        }
        try {
            return work.run();
        } finally {
            places.release();
        }
    }

    /**
     * Waiting ignores interrupts: the call ends when the disk answers, and until then uses the waiter's resources.
     * @throws IOException when the work failed, or no thread can be had; then the work was not begun
     */
    static <T> T elsewhere(IoWork.WithResult<T> work, Executor callers) throws IOException {
        CompletableFuture<T> done = new CompletableFuture<>();
        Runnable call = () -> {
            try {
                done.complete(work.run());
            } catch (Throwable e) {
                done.completeExceptionally(e);
            }
        };
        try {
            callers.execute(call);
        } catch (RuntimeException | Error e) {
            throw new IOException("No thread can be had for a call of the file system: " + e, e);
        }
        try {
            return done.join();
        } catch (CompletionException e) {
            return rethrow(e);
        }
    }

    private static <T> T rethrow(CompletionException failure) throws IOException {
        switch (Objects.requireNonNullElse(failure.getCause(), failure)) {
            case IOException e -> throw e;
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw failure;
        }
    }

    /** Threads that no code interrupts. When all are busy, work queues. */
    private static Executor callers() {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                THREADS, THREADS, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> {
                    Thread thread = new Thread(work, "narwhal-disk-" + NUMBERS.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }
}
