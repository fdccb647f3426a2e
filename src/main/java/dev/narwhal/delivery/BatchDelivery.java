package dev.narwhal.delivery;

import dev.narwhal.delivery.TakenRows.Delivered;
import dev.narwhal.destination.ContentSource;
import dev.narwhal.destination.DeliveryJob;
import dev.narwhal.destination.DeliveryReceipt;
import dev.narwhal.destination.DeliveryRequest;
import dev.narwhal.destination.DeliveryStoppedException;
import dev.narwhal.destination.Destination;
import dev.narwhal.destination.DestinationException;
import dev.narwhal.destination.Destinations;
import dev.narwhal.destination.Outcome;
import dev.narwhal.staging.StagedContent;
import dev.narwhal.staging.StagingStore;
import dev.narwhal.upload.UploadId;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers taken uploads, several at a time: files first, then one transaction for all of them, then the staged bytes. An upload
 * that cannot be delivered now goes to the scheduler.
 */
final class BatchDelivery {

    private static final Logger log = LoggerFactory.getLogger(BatchDelivery.class);

    private final TakenRows rows;
    private final StagingStore staging;
    private final Destinations destinations;
    private final DestinationStates states;
    private final DeliveryJobs jobs;
    private final DeliveryAttempts attempts;
    private final DeliveryDigests digests;
    private final DeliverySettings settings;
    private final DeliveryMetrics metrics;
    private final DeliveryHandback handback;
    private final Clock clock;

    BatchDelivery(
            TakenRows rows,
            StagingStore staging,
            Destinations destinations,
            DestinationStates states,
            DeliveryJobs jobs,
            DeliveryAttempts attempts,
            DeliveryDigests digests,
            DeliverySettings settings,
            DeliveryMetrics metrics,
            DeliveryHandback handback,
            Clock clock) {
        this.rows = rows;
        this.staging = staging;
        this.destinations = destinations;
        this.states = states;
        this.jobs = jobs;
        this.attempts = attempts;
        this.digests = digests;
        this.settings = settings;
        this.metrics = metrics;
        this.handback = handback;
        this.clock = clock;
    }

    /** An open delivery of the batch. */
    private record Open(TakenDelivery delivery, StagedContent content, DeliveryRequest request) {}

    /** @param batch of one destination */
    void deliver(String name, List<TakenDelivery> batch) {
        long began = System.nanoTime();
        Instant begun = clock.instant();
        Map<TakenDelivery, Instant> later = new HashMap<>();
        Destination destination = destinations.find(name).orElseThrow();
        List<Open> open = new ArrayList<>();
        List<UploadId> held = new ArrayList<>();
        List<Delivered> delivered = new ArrayList<>();
        try {
            open(name, batch, begun, open, held, later);
            List<Outcome<DeliveryReceipt>> outcomes = open.isEmpty()
                    ? List.of()
                    : destination.deliverAll(open.stream().map(Open::request).toList());
            for (int i = 0; i < open.size(); i++) {
                Open one = open.get(i);
                conclude(one.delivery(), begun, outcomes.get(i), one.request().content(), delivered, later);
            }
        } finally {
            open.forEach(one -> one.content().close());
        }
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        List<Delivered> recorded = record(delivered);
        recorded.forEach(one -> tell(one, took));
        removeBytes(recorded, later);
        handback.handBack(later);
        // A probe that succeeds after this has run moves their tasks, which it now finds.
        if (!held.isEmpty() && states.pauseOf(name).isEmpty()) {
            handback.runNow(held);
        }
    }

    /** @param held receives those that wait for the destination */
    private void open(
            String name,
            List<TakenDelivery> batch,
            Instant begun,
            List<Open> open,
            List<UploadId> held,
            Map<TakenDelivery, Instant> later) {
        List<TakenDelivery> wanted =
                batch.stream().filter(TakenDelivery::isWanted).toList();
        boolean here = wanted.isEmpty() || staging.holds(staging.volume());
        for (TakenDelivery one : wanted) {
            Optional<Instant> until = here
                    ? states.holdUntil(name, one.id())
                    : Optional.of(clock.instant().plus(DeliveryAttempts.VOLUME_ABSENT));
            if (until.isEmpty()) {
                open(one, begun, open, later);
                continue;
            }
            later.put(one, until.get());
            if (here) {
                held.add(one.id());
            }
        }
    }

    private void open(TakenDelivery one, Instant begun, List<Open> open, Map<TakenDelivery, Instant> later) {
        DeliveryJob job = jobs.of(one.upload(), one.row(), TakenRows.TOKEN);
        log.debug(
                "delivery.started upload={} key={} attempt={}",
                one.id(),
                one.row().key(),
                TakenRows.TOKEN);
        try {
            StagedContent content = staging.read(one.id(), one.upload().offset());
            ContentSource source = new StagedSource(content, settings.isStagingDurable() && one.isStagedHere());
            open.add(new Open(one, content, new DeliveryRequest(job, source, one.attempt())));
        } catch (IOException e) {
            attempts.conclude(one.upload(), one.row(), one.attempt(), begun, () -> {
                        throw DeliveryTask.unreadable(e);
                    })
                    .ifPresent(next -> later.put(one, next));
        }
    }

    private void conclude(
            TakenDelivery one,
            Instant begun,
            Outcome<DeliveryReceipt> outcome,
            ContentSource content,
            List<Delivered> delivered,
            Map<TakenDelivery, Instant> later) {
        attempts.conclude(one.upload(), one.row(), one.attempt(), begun, () -> {
                    DeliveryReceipt receipt = outcome.get();
                    delivered.add(new Delivered(one, receipt, sha256(content, one.row())));
                    return Optional.empty();
                })
                .ifPresent(next -> later.put(one, next));
    }

    private @Nullable String sha256(ContentSource content, DeliveryRow row)
            throws DestinationException, DeliveryStoppedException {
        try {
            return digests.ofSmall(content, row);
        } catch (IOException e) {
            throw DeliveryTask.unreadable(e);
        }
    }

    /**
     * In one transaction. When an upload of the batch has been deleted or taken over, each upload gets a transaction of its own.
     *
     * @return those that were recorded
     */
    private List<Delivered> record(List<Delivered> all) {
        if (all.isEmpty() || rows.delivered(all, () -> keepBytes(all))) {
            return all;
        }
        if (all.size() > 1) {
            return all.stream().flatMap(one -> record(List.of(one)).stream()).toList();
        }
        log.info(
                "delivery.stopped upload={} unwanted=true",
                all.getFirst().delivery().id());
        return List.of();
    }

    /** The scheduler removes bytes that are kept for a while. */
    private void keepBytes(List<Delivered> delivered) {
        if (settings.keepAfterDelivery().isPositive()) {
            Instant removal = clock.instant().plus(settings.keepAfterDelivery());
            delivered.forEach(one -> handback.schedule(one.delivery().id(), removal));
        }
    }

    private void tell(Delivered one, Duration took) {
        TakenDelivery delivery = one.delivery();
        delivery.attempt().completionEnded();
        metrics.delivered(delivery.row().destination(), took, delivery.upload().offset());
        DeliveryTask.logDelivered(delivery.upload(), delivery.row().destination(), one.receipt());
    }

    private void removeBytes(List<Delivered> recorded, Map<TakenDelivery, Instant> later) {
        if (settings.keepAfterDelivery().isPositive()) {
            return;
        }
        for (Delivered one : recorded) {
            TakenDelivery delivery = one.delivery();
            try {
                staging.delete(delivery.id());
            } catch (IOException e) {
                log.warn("delivery.bytes-kept upload={} they could not be removed: {}", delivery.id(), e.getMessage());
                later.put(delivery, clock.instant().plus(settings.backoff().after(Integer.MAX_VALUE)));
            }
        }
    }
}
