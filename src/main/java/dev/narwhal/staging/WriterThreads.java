package dev.narwhal.staging;

import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Platform threads that write and sync in the background, {@code narwhal-staging-writer-N}. No code interrupts them, so
 * no interrupt closes a body's file channel. They start on demand and end when idle. When all are busy, or the store is
 * closing, the body's own thread does the work.
 */
final class WriterThreads implements Executor, AutoCloseable {

    private static final int MOST = 64;
    private static final long IDLE_SECONDS = 30;
    private static final long CLOSE_SECONDS = 30;

    private final AtomicInteger numbers = new AtomicInteger();
    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(
            0,
            MOST,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            this::thread,
            (work, pool) -> work.run());

    private Thread thread(Runnable work) {
        Thread thread = new Thread(work, "narwhal-staging-writer-" + numbers.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void execute(Runnable work) {
        threads.execute(work);
    }

    /** Waits for running writes; an interrupt by {@code shutdownNow} would close their files. */
    @Override
    public void close() {
        threads.shutdown();
        try {
            threads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
