package dev.narwhal.ingest;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * The bodies that are being received now, and their end when the server is stopped: each has what came of it synced and
 * recorded, while its reader may be blocked in the socket for another minute, and no other begins. Then those readers that
 * still get bytes have a moment to answer their clients; the connections of the silent ones are closed by the container.
 *
 * <p>Stopped before the container: until that closes the connections, HEAD goes on answering true offsets.
 */
public final class RunningBodies implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(RunningBodies.class);

    private static final Duration RECORDING = Duration.ofMillis(2500);
    private static final Duration ANSWERING = Duration.ofSeconds(1);

    private final Set<LeasedUpload> running = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition left = lock.newCondition();
    private volatile boolean stopping;
    private volatile boolean started;

    public RunningBodies(MeterRegistry registry) {
        Gauge.builder("narwhal.bodies.active", running, Set::size)
                .description("Bodies that are being received now")
                .register(registry);
    }

    /** @throws ServerStoppingException when no body may begin any more */
    void enter(LeasedUpload upload) {
        running.add(upload);
        // Asked after it is in the set: either it is refused here, or it is among those that are stopped.
        if (stopping) {
            leave(upload);
            throw new ServerStoppingException(upload.id());
        }
    }

    void leave(LeasedUpload upload) {
        running.remove(upload);
        if (stopping) {
            lock.lock();
            try {
                left.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    @Override
    public void start() {
        stopping = false;
        started = true;
    }

    @Override
    public void stop() {
        stop(ANSWERING);
    }

    /** @param answering how long readers that still get bytes may take to answer their clients */
    void stop(Duration answering) {
        started = false;
        stopping = true;
        List<LeasedUpload> bodies = List.copyOf(running);
        if (bodies.isEmpty()) {
            return;
        }
        int recorded = stop(bodies);
        awaitAnswers(answering);
        log.info("server.bodies-stopped bodies={} recorded={}", bodies.size(), recorded);
    }

    /** All at once: each waits for the disk. Not in a pool that ends by an interrupt, which would close a file. */
    private static int stop(List<LeasedUpload> bodies) {
        CountDownLatch open = new CountDownLatch(bodies.size());
        Set<LeasedUpload> recorded = ConcurrentHashMap.newKeySet();
        for (LeasedUpload body : bodies) {
            Thread.startVirtualThread(() -> {
                try {
                    if (body.stop(RECORDING)) {
                        recorded.add(body);
                    }
                } finally {
                    open.countDown();
                }
            });
        }
        try {
            boolean unused = open.await(RECORDING.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return recorded.size();
    }

    private void awaitAnswers(Duration answering) {
        long nanos = answering.toNanos();
        lock.lock();
        try {
            while (!running.isEmpty() && nanos > 0) {
                nanos = left.awaitNanos(nanos);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean isRunning() {
        return started;
    }

    /** The first to be stopped. */
    @Override
    public int getPhase() {
        return DEFAULT_PHASE;
    }
}
