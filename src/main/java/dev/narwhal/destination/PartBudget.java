package dev.narwhal.destination;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The one bound on what all deliveries of the process have in flight. A part holds a place from before its thread starts
 * until its answer is in; deliveries that wait for a place are served in the order in which they came.
 */
public final class PartBudget implements AutoCloseable {

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final int partsInFlight;
    private final Semaphore places;
    // Platform threads: reading a file would pin a virtual thread's carrier. The semaphore bounds them.
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "part-" + NUMBER.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    });

    /** @param partsInFlight at least 1 */
    public PartBudget(int partsInFlight) {
        if (partsInFlight < 1) {
            throw new IllegalArgumentException("At least 1 part must be in flight, not " + partsInFlight);
        }
        this.partsInFlight = partsInFlight;
        this.places = new Semaphore(partsInFlight, true);
    }

    int partsInFlight() {
        return partsInFlight;
    }

    /** Waits for a place, then starts the transfer in a thread of its own. */
    <T> Future<T> start(Callable<T> transfer) throws InterruptedException {
        places.acquire();
        try {
            return threads.submit(() -> {
                try {
                    return transfer.call();
                } finally {
                    places.release();
                }
            });
        } catch (RuntimeException e) {
            places.release();
            throw e;
        }
    }

    /** Takes no new parts. Those in flight are not interrupted: an interrupt would close their file for all readers. */
    @Override
    public void close() {
        threads.shutdown();
    }
}
