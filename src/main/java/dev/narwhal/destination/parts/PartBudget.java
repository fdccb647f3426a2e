package dev.narwhal.destination.parts;

import dev.narwhal.destination.PartPlan;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Limits the parts that all deliveries of the process have in flight. It counts permits of {@link #PERMIT_BYTES} bytes. A part
 * holds one permit, a larger part several. It holds them from before its thread starts until the store has responded.
 * Waiting deliveries get permits in the order in which they came. Parts of large objects never take all permits, so that
 * small objects, sent in one request, do not wait for a whole large file.
 */
public final class PartBudget implements AutoCloseable {

    /** Bytes of one permit: a part of the default size. */
    static final long PERMIT_BYTES = PartPlan.DEFAULT_PART_SIZE;

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final int partsInFlight;
    private final int maxPartPermits;
    private final Semaphore permits;
    private final Semaphore partPermits;
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
        this.maxPartPermits = partsInFlight - partsInFlight / 4;
        this.permits = new Semaphore(partsInFlight, true);
        this.partPermits = new Semaphore(maxPartPermits, true);
        this.memory = PartMemory.forPermits(partsInFlight);
    }

    public int partsInFlight() {
        return partsInFlight;
    }

    /** Buffers for the bytes of parts in flight. */
    PartMemory memory() {
        return memory;
    }

    /** Permits in use. */
    public int inFlight() {
        return partsInFlight - permits.availablePermits();
    }

    /** Waits for the permits of one part of a multipart upload, then starts the transfer in a thread of its own. */
    <T> Future<T> startPart(long bytes, Callable<T> transfer) throws InterruptedException {
        int wanted = (int) Math.clamp(Math.ceilDiv(bytes, PERMIT_BYTES), 1, maxPartPermits);
        partPermits.acquire(wanted);
        return start(wanted, () -> partPermits.release(wanted), transfer);
    }

    /** Waits for one permit for an object sent in one request, then starts the transfer in a thread of its own. */
    <T> Future<T> startWhole(Callable<T> transfer) throws InterruptedException {
        return start(1, () -> {}, transfer);
    }

    private <T> Future<T> start(int wanted, Runnable release, Callable<T> transfer) throws InterruptedException {
        try {
            permits.acquire(wanted);
        } catch (InterruptedException e) {
            release.run();
            throw e;
        }
        Runnable done = () -> {
            permits.release(wanted);
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

    /** Accepts no new parts. Does not interrupt parts in flight: an interrupt would close their file for all readers. */
    @Override
    public void close() {
        threads.shutdown();
    }
}
