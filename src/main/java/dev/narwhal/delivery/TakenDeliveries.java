package dev.narwhal.delivery;

import dev.narwhal.destination.Destination;
import dev.narwhal.destination.Destinations;
import dev.narwhal.destination.PartPlan;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadId;
import dev.narwhal.upload.UploadKind;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes small uploads as they are finished, and delivers them without the scheduler. The finishing transaction writes the
 * delivery's row as taken by this process; after its commit the upload waits in memory for a worker. After a crash the next
 * process finds the row, and creates a task for it.
 *
 * <p>The memory is bounded. While it is full, and before the start and after the stop, uploads get tasks of the scheduler.
 */
final class TakenDeliveries {

    private static final Logger log = LoggerFactory.getLogger(TakenDeliveries.class);

    /** A few MiB of memory, and what the next start after a crash creates tasks for. */
    static final int MOST = 4096;

    private static final Duration SHUTDOWN = Duration.ofSeconds(2);

    private final TakenRows rows;
    private final DeliveryRepository deliveries;
    private final DeliveryJobs jobs;
    private final DeliveryDigests digests;
    private final RunningDeliveries running;
    private final DeliveryHandback handback;
    private final String volume;
    private final int most;
    private final UninterruptibleExecutor workers;
    private final Map<String, DeliveryLane> lanes = new HashMap<>();
    private final Map<UploadId, TakenDelivery> taken = new ConcurrentHashMap<>();
    private volatile boolean open;

    /**
     * @param volume the staging volume of this process
     * @param concurrency workers of a destination, at most
     * @param most deliveries in memory, about
     */
    TakenDeliveries(
            TakenRows rows,
            DeliveryRepository deliveries,
            DeliveryJobs jobs,
            DeliveryDigests digests,
            RunningDeliveries running,
            DeliveryHandback handback,
            BatchDelivery batches,
            Destinations destinations,
            String volume,
            int concurrency,
            int most) {
        this.rows = rows;
        this.deliveries = deliveries;
        this.jobs = jobs;
        this.digests = digests;
        this.running = running;
        this.handback = handback;
        this.volume = volume;
        this.most = most;
        this.workers = UninterruptibleExecutor.pool(
                "delivery-small", destinations.names().size() * concurrency);
        for (String name : destinations.names()) {
            Destination destination = destinations.find(name).orElseThrow();
            lanes.put(
                    name,
                    new DeliveryLane(
                            destination.batch(), concurrency, workers, batch -> deliver(batches, name, batch)));
        }
    }

    /**
     * Writes the row of a finished upload as taken, unless the upload is large or needs more than one step. Joins the finishing
     * transaction. The attempt begins here, so that a DELETE stops it at any time after the commit.
     *
     * @param before the row before its end; null when the upload is finished as it is created
     * @return false when the upload needs a task instead
     */
    boolean take(@Nullable Upload before, Upload finished) {
        forget(finished.id());
        if (!open || running.isStopping() || taken.size() >= most || !isSmall(finished)) {
            return false;
        }
        String destination = jobs.destinationOf(finished);
        PartPlan plan = jobs.planOf(finished, destination);
        if (!plan.isSingle()) {
            return false;
        }
        DeliveryRow row = new DeliveryRow(
                finished.id(),
                destination,
                jobs.keyOf(finished, destination),
                null,
                plan.partSize(),
                DeliveryStatus.SENDING,
                TakenRows.TOKEN,
                0,
                null,
                null);
        rows.insert(row, plan);
        DeliveryAttempt attempt = DeliveryAttempt.taken(deliveries, row);
        boolean isStagedHere = before == null || before.offset() < finished.offset();
        taken.put(finished.id(), new TakenDelivery(finished, row, attempt, isStagedHere));
        running.add(attempt);
        return true;
    }

    private boolean isSmall(Upload upload) {
        return upload.kind() == UploadKind.WHOLE
                && upload.offset() <= PartPlan.MIN_PART_SIZE
                && upload.volume().equals(volume)
                && digests.isQuick(upload);
    }

    /**
     * The finishing transaction is committed: a worker delivers the upload.
     *
     * @return false when the upload was not taken
     */
    boolean committed(UploadId id) {
        TakenDelivery delivery = taken.get(id);
        if (delivery == null) {
            return false;
        }
        delivery.commit();
        Objects.requireNonNull(lanes.get(delivery.row().destination())).add(delivery);
        return true;
    }

    /** Joins the transaction in progress: no process has the upload's delivery any more, if one had. */
    void release(UploadId id) {
        rows.releaseFromAnybody(id);
    }

    boolean holds(UploadId id) {
        return taken.containsKey(id);
    }

    private void deliver(BatchDelivery batches, String destination, List<TakenDelivery> batch) {
        try {
            batches.deliver(destination, batch);
        } catch (RuntimeException | Error e) {
            log.warn("delivery.unsettled uploads={} the scheduler tries again: {}", batch.size(), e.toString());
            log.debug("delivery.unsettled", e);
            handback.unsettled(batch.stream().map(TakenDelivery::id).toList());
        } finally {
            batch.forEach(this::forget);
        }
    }

    private void forget(UploadId id) {
        TakenDelivery delivery = taken.get(id);
        if (delivery != null) {
            forget(delivery);
        }
    }

    private void forget(TakenDelivery delivery) {
        running.remove(delivery.attempt());
        taken.remove(delivery.id(), delivery);
    }

    /**
     * Renews the takes of the deliveries that wait or run, and forgets those whose transactions have failed.
     *
     * @param after since the last renewal
     */
    void renew(Duration after) {
        taken.values().stream().filter(TakenDelivery::isForgotten).forEach(this::forget);
        List<TakenDelivery> due = taken.values().stream()
                .filter(one -> one.isDueForRenewal(after))
                .toList();
        if (!due.isEmpty()) {
            long asked = System.nanoTime();
            rows.renew(due.stream().map(TakenDelivery::id).toList());
            due.forEach(one -> one.renewed(asked));
        }
    }

    void start() {
        open = true;
    }

    /** Ends the present batches; whatever waits is left to the next start. The attempts must have been stopped. */
    void stop() {
        open = false;
        workers.shutdown();
        try {
            boolean unused = workers.awaitTermination(SHUTDOWN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
