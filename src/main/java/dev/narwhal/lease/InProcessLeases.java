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
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Leases in the memory of this process. That is enough, because one process owns the volume with the uploads' bytes.
 */
public final class InProcessLeases implements UploadLeases {

    /** Large enough that two active uploads seldom share a stripe; a power of 2. */
    private static final int STRIPES = 4_096;

    private final ConcurrentMap<UploadId, InProcessLease> leases = new ConcurrentHashMap<>();
    /** How often leases have ended, by release or by takeover, in each stripe of ids. */
    private final AtomicLongArray ends = new AtomicLongArray(STRIPES);

    private final Duration takeoverTimeout;
    private final LeaseMetrics metrics;

    /** @param takeoverTimeout how long a newcomer waits for the holder to let go */
    public InProcessLeases(Duration takeoverTimeout, LeaseMetrics metrics) {
        this.takeoverTimeout = takeoverTimeout;
        this.metrics = metrics;
    }

    @Override
    public Lease acquire(UploadId id, LeaseHolder holder) {
        return take(id, holder);
    }

    private InProcessLease take(UploadId id, LeaseHolder holder) {
        InProcessLease wanted = new InProcessLease(this, id, holder);
        long asked = System.nanoTime();
        InProcessLease current = leases.putIfAbsent(id, wanted);
        while (current != null) {
            displace(current, asked);
            if (leases.replace(id, current, wanted)) {
                ended(id);
                wanted.markTakenOver();
                metrics.tookOver(System.nanoTime() - asked);
                return wanted;
            }
            current = leases.putIfAbsent(id, wanted);
        }
        return wanted;
    }

    @Override
    public Optional<Lease> acquireIfFree(UploadId id, LeaseHolder holder) {
        return takeIfFree(id, holder).map(taken -> taken);
    }

    private Optional<InProcessLease> takeIfFree(UploadId id, LeaseHolder holder) {
        InProcessLease wanted = new InProcessLease(this, id, holder);
        return leases.putIfAbsent(id, wanted) == null ? Optional.of(wanted) : Optional.empty();
    }

    @Override
    public Lease acquireForStep(UploadId id) {
        CompletableFuture<InProcessLease> mine = new CompletableFuture<>();
        InProcessLease lease = take(id, patience -> awaitEnd(mine, patience));
        mine.complete(lease);
        return lease;
    }

    @Override
    public Optional<Lease> acquireForStepIfFree(UploadId id) {
        CompletableFuture<InProcessLease> mine = new CompletableFuture<>();
        Optional<InProcessLease> lease = takeIfFree(id, patience -> awaitEnd(mine, patience));
        lease.ifPresent(mine::complete);
        return lease.map(taken -> taken);
    }

    @Override
    public Optional<LeaseHolder> holder(UploadId id) {
        return Optional.ofNullable(leases.get(id)).map(InProcessLease::holder);
    }

    @Override
    public Mark mark(UploadId id) {
        int stripe = stripe(id);
        long before = ends.get(stripe);
        return () -> ends.get(stripe) == before;
    }

    boolean isHeld(InProcessLease lease) {
        return leases.get(lease.id()) == lease;
    }

    /** Counts the end first: the next holder must see that another request had the lease. */
    void release(InProcessLease lease) {
        ended(lease.id());
        leases.remove(lease.id(), lease);
    }

    private void ended(UploadId id) {
        long unused = ends.incrementAndGet(stripe(id));
    }

    private static int stripe(UploadId id) {
        return id.hashCode() & (STRIPES - 1);
    }

    private void displace(InProcessLease current, long asked) {
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

    private static boolean awaitEnd(CompletableFuture<InProcessLease> step, Duration patience)
            throws InterruptedException {
        try {
            return step.get(patience.toNanos(), TimeUnit.NANOSECONDS).awaitEnd(patience);
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
