package dev.narwhal.lease;

import dev.narwhal.upload.UploadId;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Hands out leases. The newest valid request wins: a client that lost its connection comes back while the server still
 * waits on the dead socket, so whoever holds the lease is asked to let go instead of the newcomer being turned away.
 */
public final class UploadLeases {

    private final ConcurrentMap<UploadId, Lease> leases = new ConcurrentHashMap<>();
    private final Duration takeoverTimeout;
    private final LeaseMetrics metrics;

    /** @param takeoverTimeout how long a newcomer waits for the holder to let go */
    public UploadLeases(Duration takeoverTimeout, LeaseMetrics metrics) {
        this.takeoverTimeout = takeoverTimeout;
        this.metrics = metrics;
    }

    /**
     * Takes the lease, from its present holder if need be. Ask only for what is valid: a request that will be refused
     * must not stop a live transfer.
     *
     * @throws LeaseUnavailableException when the holder did not let go in time
     */
    public Lease acquire(UploadId id, LeaseHolder holder) {
        Lease wanted = new Lease(this, id, holder);
        long asked = System.nanoTime();
        Lease current = leases.putIfAbsent(id, wanted);
        while (current != null) {
            displace(current, asked);
            if (leases.replace(id, current, wanted)) {
                wanted.markTakenOver();
                metrics.tookOver(System.nanoTime() - asked);
                return wanted;
            }
            current = leases.putIfAbsent(id, wanted);
        }
        return wanted;
    }

    /** Takes the lease when nobody has it; asks nobody to let go. */
    public Optional<Lease> acquireIfFree(UploadId id, LeaseHolder holder) {
        Lease wanted = new Lease(this, id, holder);
        return leases.putIfAbsent(id, wanted) == null ? Optional.of(wanted) : Optional.empty();
    }

    /**
     * Takes the lease for a short step that cannot be stopped in the middle: others wait until it is closed.
     *
     * @throws LeaseUnavailableException when the present holder did not let go in time
     */
    public Lease acquireForStep(UploadId id) {
        CompletableFuture<Lease> mine = new CompletableFuture<>();
        Lease lease = acquire(id, patience -> awaitEnd(mine, patience));
        mine.complete(lease);
        return lease;
    }

    /** As {@link #acquireForStep}, when nobody has the lease; asks nobody to let go. */
    public Optional<Lease> acquireForStepIfFree(UploadId id) {
        CompletableFuture<Lease> mine = new CompletableFuture<>();
        Optional<Lease> lease = acquireIfFree(id, patience -> awaitEnd(mine, patience));
        lease.ifPresent(mine::complete);
        return lease;
    }

    /** Who writes to the upload at this moment. */
    public Optional<LeaseHolder> holder(UploadId id) {
        return Optional.ofNullable(leases.get(id)).map(Lease::holder);
    }

    boolean isHeld(Lease lease) {
        return leases.get(lease.id()) == lease;
    }

    void release(Lease lease) {
        leases.remove(lease.id(), lease);
    }

    private void displace(Lease current, long asked) {
        long waited = System.nanoTime() - asked;
        Duration patience = Duration.ofNanos(Math.max(0, takeoverTimeout.toNanos() - waited));
        try {
            if (!current.holder().letGo(patience)) {
                metrics.timedOut(System.nanoTime() - asked);
                throw new LeaseUnavailableException(current.id());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LeaseUnavailableException(current.id());
        }
    }

    private static boolean awaitEnd(CompletableFuture<Lease> step, Duration patience) throws InterruptedException {
        try {
            return step.get(patience.toNanos(), TimeUnit.NANOSECONDS).awaitEnd(patience);
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
