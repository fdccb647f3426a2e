package dev.narwhal.delivery;

import dev.narwhal.database.DatabaseFailures;
import dev.narwhal.destination.DeliveryStoppedException;
import dev.narwhal.destination.Destination;
import dev.narwhal.destination.DestinationException;
import dev.narwhal.destination.DestinationException.Failure;
import dev.narwhal.destination.Destinations;
import dev.narwhal.destination.SentPart;
import dev.narwhal.staging.StagingStore;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadId;
import dev.narwhal.upload.UploadRepository;
import dev.narwhal.upload.UploadState;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs attempts: whether one may begin now, under which token, and what is recorded when it fails or is stopped. What an
 * attempt does is its own affair.
 */
final class DeliveryAttempts {

    private static final Logger log = LoggerFactory.getLogger(DeliveryAttempts.class);

    /** How long to look away from a volume that is not mounted. */
    static final Duration VOLUME_ABSENT = Duration.ofSeconds(30);

    /** How long to look away from a destination that the settings do not name any more. */
    private static final Duration DESTINATION_UNKNOWN = Duration.ofMinutes(1);

    /** Whoever leaves calls the next; this is for when that gets lost. */
    private static final Duration NO_TURN = Duration.ofSeconds(10);

    /** After a failure of what is sent ahead; the delivery itself begins without it. */
    private static final Duration AHEAD_FAILED = Duration.ofSeconds(30);

    /** How long a cancelling client has to move the upload's row, before the delivery goes on. */
    static final Duration CANCEL_GRACE = Duration.ofSeconds(2);

    private final UploadRepository uploads;
    private final DeliveryRepository deliveries;
    private final StagingStore staging;
    private final Destinations destinations;
    private final DestinationStates states;
    private final DeliverySchedule schedule;
    private final RunningDeliveries running;
    private final LargeTurns turns;
    private final DeliverySettings settings;
    private final DeliveryMetrics metrics;
    private final Clock clock;

    DeliveryAttempts(
            UploadRepository uploads,
            DeliveryRepository deliveries,
            StagingStore staging,
            Destinations destinations,
            DestinationStates states,
            DeliverySchedule schedule,
            RunningDeliveries running,
            LargeTurns turns,
            DeliverySettings settings,
            DeliveryMetrics metrics,
            Clock clock) {
        this.uploads = uploads;
        this.deliveries = deliveries;
        this.staging = staging;
        this.destinations = destinations;
        this.states = states;
        this.schedule = schedule;
        this.running = running;
        this.turns = turns;
        this.settings = settings;
        this.metrics = metrics;
        this.clock = clock;
    }

    /** What an attempt does. */
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
        return takeTurn(upload, row, destination.get(), work);
    }

    private Optional<Instant> takeTurn(Upload upload, DeliveryRow row, Destination destination, Work work) {
        Long length = upload.length();
        if (length == null || length <= row.partSize()) {
            return begin(upload, row, destination, work);
        }
        UploadId id = upload.id();
        if (!(upload.state() == UploadState.RECEIVING ? turns.enterAhead(id) : turns.enter(id))) {
            return in(NO_TURN);
        }
        try {
            return begin(upload, row, destination, work);
        } finally {
            turns.leave(id).ifPresent(schedule::hurry);
        }
    }

    private Optional<Instant> begin(Upload upload, DeliveryRow row, Destination destination, Work work) {
        // Last of all: whoever is let through to a destination that is paused must really try it.
        Optional<Instant> held = states.holdUntil(row.destination());
        if (held.isPresent()) {
            return held;
        }
        Optional<Long> token = deliveries.begin(row);
        if (token.isEmpty()) {
            return in(CANCEL_GRACE);
        }
        Instant begun = clock.instant();
        DeliveryAttempt attempt = new DeliveryAttempt(deliveries, row, token.get(), parts(row));
        running.add(attempt);
        try {
            return guarded(upload, row, destination, attempt, work);
        } catch (DeliveryStoppedException e) {
            return stopped(upload);
        } catch (DestinationException e) {
            // What fails while everything is being closed says nothing about the delivery.
            return running.isStopping() ? stopped(upload) : failed(upload, row, attempt, begun, e);
        } finally {
            running.remove(attempt);
        }
    }

    private List<SentPart> parts(DeliveryRow row) {
        return row.handle() == null ? List.of() : deliveries.parts(row.id());
    }

    private Optional<Instant> guarded(
            Upload upload, DeliveryRow row, Destination destination, DeliveryAttempt attempt, Work work)
            throws DeliveryStoppedException, DestinationException {
        try {
            Optional<Instant> next = work.run(destination, attempt);
            worked(row.destination());
            return next;
        } catch (RuntimeException e) {
            // With the database away nothing can be recorded either: the scheduler comes back in a while.
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

    private void worked(String destination) {
        if (states.worked(destination)) {
            schedule.hastenWaiting(destination);
        }
    }

    /** Another attempt, a client's DELETE or the end of the process: the rows tell what is to be done. */
    private Optional<Instant> stopped(Upload upload) {
        if (running.isStopping()) {
            return in(Duration.ZERO);
        }
        boolean unwanted =
                uploads.find(upload.id()).filter(now -> now.state().isLive()).isEmpty();
        log.info("delivery.stopped upload={} unwanted={}", upload.id(), unwanted);
        return in(unwanted ? Duration.ZERO : CANCEL_GRACE);
    }

    private Optional<Instant> failed(
            Upload upload, DeliveryRow row, DeliveryAttempt attempt, Instant begun, DestinationException failure) {
        if (upload.state() == UploadState.RECEIVING && failure.failure() != Failure.DESTINATION) {
            return failedAhead(upload, attempt, failure);
        }
        return switch (failure.failure()) {
            case DESTINATION -> held(upload, row, attempt, begun, failure);
            case RETRYABLE -> retried(upload, row, attempt, failure);
            case FINAL -> {
                // It has looked at this upload, so it is there.
                worked(row.destination());
                yield givenUp(upload, row, attempt, failure);
            }
        };
    }

    /** Decides nothing: whether the upload can be delivered is seen when it is finished. */
    private Optional<Instant> failedAhead(Upload upload, DeliveryAttempt attempt, DestinationException failure) {
        String error = String.valueOf(failure.getMessage());
        log.info("delivery.not-sent-ahead upload={} pause={} {}", upload.id(), AHEAD_FAILED, error);
        return deliveries.held(upload.id(), attempt.token(), error) ? in(AHEAD_FAILED) : stopped(upload);
    }

    /** Not this upload's failure: it does not count as an attempt. */
    private Optional<Instant> held(
            Upload upload, DeliveryRow row, DeliveryAttempt attempt, Instant begun, DestinationException failure) {
        String error = String.valueOf(failure.getMessage());
        metrics.held(row.destination());
        boolean recorded = deliveries.held(upload.id(), attempt.token(), error);
        Instant next = states.failed(
                row.destination(), error, begun, failure.retryAfter().orElse(Duration.ZERO));
        return recorded ? Optional.of(next) : stopped(upload);
    }

    private Optional<Instant> retried(
            Upload upload, DeliveryRow row, DeliveryAttempt attempt, DestinationException failure) {
        int attempts = row.attempts() + 1;
        if (settings.delivery().isLastAttempt(attempts)) {
            return givenUp(upload, row, attempt, failure);
        }
        String error = String.valueOf(failure.getMessage());
        metrics.retried(row.destination());
        boolean recorded = deliveries.attemptFailed(upload.id(), attempt.token(), error);
        Duration pause = atLeast(failure.retryAfter(), settings.backoff().after(attempts));
        log.warn("delivery.retried upload={} attempts={} pause={} {}", upload.id(), attempts, pause, error);
        return recorded ? in(pause) : stopped(upload);
    }

    private Optional<Instant> givenUp(
            Upload upload, DeliveryRow row, DeliveryAttempt attempt, DestinationException failure) {
        String error = String.valueOf(failure.getMessage());
        if (!deliveries.failed(upload.id(), attempt.token(), error)) {
            return stopped(upload);
        }
        metrics.gaveUp(row.destination());
        log.error(
                "delivery.failed upload={} attempts={} failure={} the file stays staged until somebody retries it: {}",
                upload.id(),
                row.attempts() + 1,
                failure.failure(),
                error);
        return Optional.empty();
    }

    private static Duration atLeast(Optional<Duration> asked, Duration own) {
        return asked.filter(least -> least.compareTo(own) > 0).orElse(own);
    }

    private Optional<Instant> in(Duration pause) {
        return Optional.of(clock.instant().plus(pause));
    }
}
