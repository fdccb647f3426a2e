package dev.narwhal.destination.parts;

import dev.narwhal.destination.PartPlan;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The one bound on what all deliveries of the process have in flight, in places of {@link #PLACE} bytes. A part holds its
 * places from before its thread starts until its answer is in, a larger one more of them; whoever waits is served in the
 * order of coming. Parts of large objects leave some places to whole small ones, which so never wait for the network to take
 * all of a large file.
 */
public final class PartBudget implements AutoCloseable {

    /** Bytes of one place: a part of the usual size. */
    static final long PLACE = PartPlan.DEFAULT_PART_SIZE;

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final int partsInFlight;
    private final int forParts;
    private final Semaphore places;
    private final Semaphore placesForParts;
    private final PartMemory memory;
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
        this.forParts = partsInFlight - partsInFlight / 4;
        this.places = new Semaphore(partsInFlight, true);
        this.placesForParts = new Semaphore(forParts, true);
        this.memory = PartMemory.forPlaces(partsInFlight);
    }

    public int partsInFlight() {
        return partsInFlight;
    }

    /** For the bytes of parts in flight. */
    PartMemory memory() {
        return memory;
    }

    /** Places that are taken now. */
    public int inFlight() {
        return partsInFlight - places.availablePermits();
    }

    /** Waits for places for one part of a larger object, then starts the transfer in a thread of its own. */
    <T> Future<T> startPart(long bytes, Callable<T> transfer) throws InterruptedException {
        int wanted = (int) Math.clamp(Math.ceilDiv(bytes, PLACE), 1, forParts);
        placesForParts.acquire(wanted);
        return start(wanted, () -> placesForParts.release(wanted), transfer);
    }

    /** Waits for a place for an object that is sent in one piece, then starts the transfer in a thread of its own. */
    <T> Future<T> startWhole(Callable<T> transfer) throws InterruptedException {
        return start(1, () -> {}, transfer);
    }

    private <T> Future<T> start(int wanted, Runnable release, Callable<T> transfer) throws InterruptedException {
        try {
            places.acquire(wanted);
        } catch (InterruptedException e) {
            release.run();
            throw e;
        }
        Runnable done = () -> {
            places.release(wanted);
            release.run();
        };
        try {
            return threads.submit(() -> {
                try {
                    return transfer.call();
                } finally {
                    done.run();
                }
            });
        } catch (RuntimeException e) {
            done.run();
            throw e;
        }
    }

    /** Takes no new parts. Those in flight are not interrupted: an interrupt would close their file for all readers. */
    @Override
    public void close() {
        threads.shutdown();
    }
}
