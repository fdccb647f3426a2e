package dev.narwhal.delivery;

import dev.narwhal.database.DatabaseFailures;
import dev.narwhal.destination.DeliveryStoppedException;
import dev.narwhal.destination.Destination;
import dev.narwhal.destination.DestinationException;
import dev.narwhal.destination.DestinationException.Failure;
import dev.narwhal.destination.Destinations;
import dev.narwhal.destination.Outcome;
import dev.narwhal.destination.SentPart;
import dev.narwhal.staging.StagingStore;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadId;
import dev.narwhal.upload.UploadState;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs attempts: decides whether an attempt may begin now, and under which token. The caller supplies the attempt's work;
 * {@link DeliveryFailures} decides the consequences of its failure.
 */
final class DeliveryAttempts {

    private static final Logger log = LoggerFactory.getLogger(DeliveryAttempts.class);

    /** The pause for an upload whose volume is not mounted. */
    static final Duration VOLUME_ABSENT = Duration.ofSeconds(30);

    /** The pause for an upload whose destination the settings no longer name. */
    private static final Duration DESTINATION_UNKNOWN = Duration.ofMinutes(1);

    /**
     * The pause for an upload without a slot. The upload that releases a slot runs the next one; this pause covers a lost hint.
     */
    private static final Duration NO_SLOT = Duration.ofSeconds(10);

    /** After a cancellation the client's request has so long to move the upload's row; then the delivery continues. */
    static final Duration CANCEL_GRACE = Duration.ofSeconds(2);

    private final DeliveryRepository deliveries;
    private final StagingStore staging;
    private final Destinations destinations;
    private final DestinationStates states;
    private final DeliverySchedule schedule;
    private final RunningDeliveries running;
    private final TransferSlots slots;
    private final DeliveryFailures failures;
    private final Clock clock;

    DeliveryAttempts(
            DeliveryRepository deliveries,
            StagingStore staging,
            Destinations destinations,
            DestinationStates states,
            DeliverySchedule schedule,
            RunningDeliveries running,
            TransferSlots slots,
            DeliveryFailures failures,
            Clock clock) {
        this.deliveries = deliveries;
        this.staging = staging;
        this.destinations = destinations;
        this.states = states;
        this.schedule = schedule;
        this.running = running;
        this.slots = slots;
        this.failures = failures;
        this.clock = clock;
    }

    /** The work of an attempt. */
    @FunctionalInterface
    interface Work {
        /** @return when to run again; empty when nothing is left to do */
        Optional<Instant> run(Destination destination, DeliveryAttempt attempt)
                throws DeliveryStoppedException, DestinationException;
    }

    /** @return when to run again; empty when nothing is left to do */
    Optional<Instant> run(Upload upload, DeliveryRow row, Work work) {
        if (!staging.holds(upload.volume())) {
            log.warn("delivery.volume-absent upload={} volume={}", upload.id(), upload.volume());
            return in(VOLUME_ABSENT);
        }
        Optional<Destination> destination = destinations.find(row.destination());
        if (destination.isEmpty()) {
            log.warn(
                    "delivery.destination-unknown upload={} destination={} the settings do not name it any more",
                    upload.id(),
                    row.destination());
            return in(DESTINATION_UNKNOWN);
        }
        return takeSlot(upload, row, destination.get(), work);
    }

    private Optional<Instant> takeSlot(Upload upload, DeliveryRow row, Destination destination, Work work) {
        Long length = upload.length();
        if (length == null || length <= row.partSize()) {
            return begin(upload, row, destination, work);
        }
        UploadId id = upload.id();
        if (!(upload.state() == UploadState.RECEIVING ? slots.tryAcquireIdle(id) : slots.tryAcquire(id))) {
            return in(NO_SLOT);
        }
        try {
            return begin(upload, row, destination, work);
        } finally {
            slots.release(id).ifPresent(schedule::runSoon);
        }
    }

    private Optional<Instant> begin(Upload upload, DeliveryRow row, Destination destination, Work work) {
        // Asked last: a paused destination counts the upload that it lets through as its probe, so that upload must
        // really try the destination.
        Optional<Instant> held = states.holdUntil(row.destination(), upload.id());
        if (held.isPresent()) {
            return held;
        }
        Optional<Long> token = deliveries.beginAttempt(row);
        if (token.isEmpty()) {
            return in(CANCEL_GRACE);
        }
        Instant begun = clock.instant();
        DeliveryAttempt attempt = new DeliveryAttempt(deliveries, row, token.get(), parts(row));
        running.add(attempt);
        try {
            return conclude(upload, row, attempt, begun, () -> work.run(destination, attempt));
        } finally {
            running.remove(attempt);
        }
    }

    /**
     * Runs the work of an attempt that has begun, and decides the consequences of its failure.
     *
     * @param begun when the attempt began
     * @return when to run again; empty when nothing is left to do
     */
    Optional<Instant> conclude(
            Upload upload, DeliveryRow row, DeliveryAttempt attempt, Instant begun, Outcome<Optional<Instant>> work) {
        try {
            return guarded(upload, row, work);
        } catch (DeliveryStoppedException e) {
            return failures.stopped(upload);
        } catch (DestinationException e) {
            // A failure while the process closes its connections says nothing about the delivery.
            return running.isStopping() ? failures.stopped(upload) : failures.failed(upload, row, attempt, begun, e);
        }
    }

    private List<SentPart> parts(DeliveryRow row) {
        return row.resumeToken() == null ? List.of() : deliveries.parts(row.id());
    }

    private Optional<Instant> guarded(Upload upload, DeliveryRow row, Outcome<Optional<Instant>> work)
            throws DeliveryStoppedException, DestinationException {
        try {
            Optional<Instant> next = work.get();
            failures.worked(row.destination(), upload.id());
            return next;
        } catch (RuntimeException e) {
            // While the database is unreachable no outcome can be recorded; the scheduler retries later.
            if (DatabaseFailures.isUnavailable(e)) {
                throw e;
            }
            if (running.isStopping()) {
                throw new DeliveryStoppedException("The destination was closed meanwhile: " + e);
            }
            log.error("delivery.defect upload={} key={}", upload.id(), row.key(), e);
            throw new DestinationException(Failure.RETRYABLE, "Unexpected: " + e, e);
        }
    }

    private Optional<Instant> in(Duration pause) {
        return Optional.of(clock.instant().plus(pause));
    }
}
