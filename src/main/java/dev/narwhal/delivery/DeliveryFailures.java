package dev.narwhal.delivery;

import dev.narwhal.destination.DestinationException;
import dev.narwhal.destination.DestinationException.Failure;
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

/** What is recorded when an attempt fails or is stopped, whom the failure is charged to, and when the next attempt begins. */
final class DeliveryFailures {

    private static final Logger log = LoggerFactory.getLogger(DeliveryFailures.class);

    /** After a failure of what is sent ahead; the delivery itself begins without it. */
    private static final Duration AHEAD_FAILED = Duration.ofSeconds(30);

    /** The scheduler looks every two seconds. */
    private static final Duration LEAST_DISTANCE = Duration.ofSeconds(5);

    private final UploadRepository uploads;
    private final DeliveryRepository deliveries;
    private final DestinationStates states;
    private final DeliverySchedule schedule;
    private final RunningDeliveries running;
    private final DeliverySettings settings;
    private final DeliveryMetrics metrics;
    private final Clock clock;

    DeliveryFailures(
            UploadRepository uploads,
            DeliveryRepository deliveries,
            DestinationStates states,
            DeliverySchedule schedule,
            RunningDeliveries running,
            DeliverySettings settings,
            DeliveryMetrics metrics,
            Clock clock) {
        this.uploads = uploads;
        this.deliveries = deliveries;
        this.states = states;
        this.schedule = schedule;
        this.running = running;
        this.settings = settings;
        this.metrics = metrics;
        this.clock = clock;
    }

    /** Another attempt, a client's DELETE or the end of the process: the rows tell what is to be done. */
    Optional<Instant> stopped(Upload upload) {
        if (running.isStopping()) {
            return in(Duration.ZERO);
        }
        boolean unwanted = !isLive(upload.id());
        log.info("delivery.stopped upload={} unwanted={}", upload.id(), unwanted);
        return in(unwanted ? Duration.ZERO : DeliveryAttempts.CANCEL_GRACE);
    }

    void worked(String destination, UploadId id) {
        states.worked(destination, id).ifPresent(but -> schedule.runWaiting(destination, but));
    }

    /** @return when to run again; empty when the delivery was given up */
    Optional<Instant> failed(
            Upload upload, DeliveryRow row, DeliveryAttempt attempt, Instant begun, DestinationException failure) {
        if (isUnwanted(upload, attempt)) {
            // Its bytes may have gone meanwhile: what fails then says nothing about anybody.
            return stopped(upload);
        }
        if (failure.failure() == Failure.DESTINATION) {
            return refused(upload, row, attempt, begun, failure);
        }
        if (upload.state() == UploadState.RECEIVING) {
            return failedAhead(upload, attempt, failure);
        }
        if (failure.failure() == Failure.RETRYABLE) {
            return retried(upload, row, attempt, failure);
        }
        // It has looked at this upload, so it is there.
        worked(row.destination(), upload.id());
        return givenUp(upload, row, attempt, failure);
    }

    /** A client's DELETE stops the attempt, moves the row, and removes the staged bytes, in this order. */
    private boolean isUnwanted(Upload upload, DeliveryAttempt attempt) {
        return !attempt.isActive() || !isLive(upload.id());
    }

    private boolean isLive(UploadId id) {
        return uploads.find(id).filter(now -> now.state().isLive()).isPresent();
    }

    /**
     * What failed before an attempt began, for a reason of the upload's own: the attempt would fail as well.
     *
     * @return when to run again; empty when the delivery was given up
     */
    Optional<Instant> failedBefore(Upload upload, DeliveryRow row, DestinationException failure) {
        DeliveryAttempt none = new DeliveryAttempt(deliveries, row, row.token(), List.of());
        if (isUnwanted(upload, none)) {
            return stopped(upload);
        }
        return failure.failure() == Failure.FINAL
                ? givenUp(upload, row, none, failure)
                : retried(upload, row, none, failure);
    }

    /** Decides nothing: whether the upload can be delivered is seen when it is finished. */
    private Optional<Instant> failedAhead(Upload upload, DeliveryAttempt attempt, DestinationException failure) {
        String error = String.valueOf(failure.getMessage());
        log.info("delivery.not-sent-ahead upload={} pause={} {}", upload.id(), AHEAD_FAILED, error);
        return deliveries.postponed(upload.id(), attempt.token(), error) ? in(AHEAD_FAILED) : stopped(upload);
    }

    /** It does not count as an attempt, unless others are taken where this upload is refused. */
    private Optional<Instant> refused(
            Upload upload, DeliveryRow row, DeliveryAttempt attempt, Instant begun, DestinationException failure) {
        String error = String.valueOf(failure.getMessage());
        Duration least = failure.retryAfter().orElse(Duration.ZERO);
        Optional<Instant> next = states.refused(row.destination(), upload.id(), error, begun, least);
        if (next.isEmpty()) {
            return refusedAlone(upload, row, attempt, failure);
        }
        metrics.postponed(row.destination());
        if (!deliveries.postponed(upload.id(), attempt.token(), error)) {
            return stopped(upload);
        }
        return Optional.of(afterAnother(row.destination(), upload.id(), next.get()));
    }

    /** The probe is not always the same upload: where another waits, it is the next one. */
    private Instant afterAnother(String destination, UploadId id, Instant probe) {
        Optional<UploadId> another = schedule.moveUpAnother(destination, id, probe);
        if (another.isEmpty()) {
            return probe;
        }
        states.expect(destination, another.get());
        Duration wait = Duration.between(clock.instant(), probe);
        return probe.plus(wait.compareTo(LEAST_DISTANCE) < 0 ? LEAST_DISTANCE : wait);
    }

    private Optional<Instant> refusedAlone(
            Upload upload, DeliveryRow row, DeliveryAttempt attempt, DestinationException failure) {
        DestinationException own = new DestinationException(
                Failure.RETRYABLE,
                failure.getMessage() + " (this upload only: others are delivered there)",
                failure,
                failure.retryAfter().orElse(null));
        return upload.state() == UploadState.RECEIVING
                ? failedAhead(upload, attempt, own)
                : retried(upload, row, attempt, own);
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
