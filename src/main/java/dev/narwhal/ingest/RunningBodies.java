package dev.narwhal.ingest;

import dev.narwhal.upload.UploadId;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * The bodies that are being received now. When the server is stopped, no further body begins. The received bytes of
 * each body are synced and recorded, even while its reader is blocked in the socket. Readers that still get bytes
 * then have a moment to answer their clients; the container closes the connections of silent clients.
 *
 * <p>Stopped before the container: until the container closes the connections, HEAD keeps answering true offsets.
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

    /** @throws ServerStoppingException when the server is being stopped and no body may begin */
    void enter(LeasedUpload upload) {
        running.add(upload);
        // Checked after the body is in the set: either it is refused here, or stop sees it.
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

    /**
     * Calls {@code reader} with each body's upload and the offset that its bytes have reached, recorded or not. Waits for no body.
     */
    public void forEachProgress(BiConsumer<UploadId, Long> reader) {
        for (LeasedUpload body : running) {
            body.progress().ifPresent(progress -> reader.accept(body.id(), progress.end()));
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
        int recorded = stop(bodies, BodyLoss.STOPPED);
        awaitAnswers(answering);
        log.info("server.bodies-stopped bodies={} recorded={}", bodies.size(), recorded);
    }

    /** What the requests of the running bodies have presented; not of those that were ended. */
    Set<String> credentials() {
        return running.stream()
                .filter(LeasedUpload::isUnderWay)
                .map(LeasedUpload::credential)
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
    }

    /**
     * Ends the bodies of requests that have presented this. The received bytes are recorded, and their readers are told
     * {@link AccessRevokedException}.
     */
    void revoke(String credential) {
        List<LeasedUpload> bodies = running.stream()
                .filter(body -> body.isUnderWay() && credential.equals(body.credential()))
                .toList();
        if (!bodies.isEmpty()) {
            int recorded = stop(bodies, BodyLoss.REVOKED);
            log.info("access.bodies-ended credential={} bodies={} recorded={}", credential, bodies.size(), recorded);
        }
    }

    /**
     * Stops all bodies concurrently, since each waits for the disk. No pool is used here: closing one may interrupt a
     * thread, and an interrupt closes the file it writes.
     */
    private static int stop(List<LeasedUpload> bodies, BodyLoss why) {
        CountDownLatch open = new CountDownLatch(bodies.size());
        Set<LeasedUpload> recorded = ConcurrentHashMap.newKeySet();
        for (LeasedUpload body : bodies) {
            Thread.startVirtualThread(() -> {
                try {
                    if (body.stop(RECORDING, why)) {
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

    /** The highest phase: stopped before all others. */
    @Override
    public int getPhase() {
        return DEFAULT_PHASE;
    }
}
