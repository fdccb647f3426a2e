package dev.narwhal.staging;

import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Platform threads that write and sync behind bodies, {@code narwhal-staging-writer-N}: nobody interrupts them, so no file
 * channel is closed under a body. They come with the work and go after a while without; when all are busy, or the store is
 * closing, the body's own thread does its work.
 */
final class Writers implements Executor, AutoCloseable {

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

    /** Lets running writes end; an interrupt, as {@code shutdownNow} sends it, would close their files. */
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
