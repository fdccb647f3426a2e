package dev.narwhal.delivery;

import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Threads for a scheduler whose way to stop is an interrupt. An interrupt inside H2's file channel, or that of a staged
 * file, closes it for everybody: these end when their work does.
 */
final class UninterruptedThreads extends ThreadPoolExecutor {

    private static final int HOUSEKEEPERS = 3;

    private volatile Runnable hurry = () -> {};

    private UninterruptedThreads(String name, int threads) {
        super(threads, threads, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), named(name));
    }

    static UninterruptedThreads pool(String name, int threads) {
        return new UninterruptedThreads(name, threads);
    }

    /** @param action ends a wait where an interrupt would have */
    UninterruptedThreads whenToldToHurry(Runnable action) {
        hurry = action;
        return this;
    }

    @Override
    public List<Runnable> shutdownNow() {
        shutdown();
        hurry.run();
        return List.of();
    }

    static ScheduledExecutorService timer(String name) {
        return new ScheduledThreadPoolExecutor(HOUSEKEEPERS, named(name)) {
            @Override
            public List<Runnable> shutdownNow() {
                shutdown();
                return List.of();
            }
        };
    }

    private static ThreadFactory named(String name) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}
