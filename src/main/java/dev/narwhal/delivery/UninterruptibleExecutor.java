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
 * An executor for a scheduler that stops its threads by interrupts. It never interrupts: an interrupt inside H2's file channel,
 * or inside that of a staged file, closes the channel for every thread. Each thread ends when its work does.
 */
final class UninterruptibleExecutor extends ThreadPoolExecutor {

    private static final int HOUSEKEEPERS = 3;

    private volatile Runnable shutdownAction = () -> {};

    private UninterruptibleExecutor(String name, int threads) {
        super(threads, threads, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), named(name));
    }

    static UninterruptibleExecutor pool(String name, int threads) {
        return new UninterruptibleExecutor(name, threads);
    }

    /** @param action runs instead of the interrupts, and ends the waits of the running tasks */
    UninterruptibleExecutor onShutdownNow(Runnable action) {
        shutdownAction = action;
        return this;
    }

    @Override
    public List<Runnable> shutdownNow() {
        shutdown();
        shutdownAction.run();
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
