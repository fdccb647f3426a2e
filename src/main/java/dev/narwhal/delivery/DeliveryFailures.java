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

/**
 * The consequences of an attempt that failed or was stopped: which rows change, whether the failure counts against the upload
 * or the destination, and when the next attempt begins.
 */
final class DeliveryFailures {

    private static final Logger log = LoggerFactory.getLogger(DeliveryFailures.class);

    /** The pause after a failure to send parts ahead. The delivery of the finished upload does not wait for it. */
    private static final Duration AHEAD_FAILED = Duration.ofSeconds(30);

    /** The least time between two probes; the scheduler polls every two seconds. */
    private static final Duration MIN_PROBE_INTERVAL = Duration.ofSeconds(5);

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

    /** Another attempt, a client's DELETE or the end of the process has stopped the attempt; the rows tell what to do next. */
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
            // The staged bytes may be removed already, so the failure says nothing about the upload or the
            // destination.
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
        // The destination has examined this upload, so it is reachable.
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
     * Handles a failure before an attempt, for a reason of the upload: the attempt would fail, too.
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

    /** Never gives the delivery up: the attempt after the upload's end decides whether the upload can be delivered. */
    private Optional<Instant> failedAhead(Upload upload, DeliveryAttempt attempt, DestinationException failure) {
        String error = String.valueOf(failure.getMessage());
        log.info("delivery.not-sent-ahead upload={} pause={} {}", upload.id(), AHEAD_FAILED, error);
        return deliveries.postponed(upload.id(), attempt.token(), error) ? in(AHEAD_FAILED) : stopped(upload);
    }

    /** Does not count as a failed attempt, unless the destination takes other uploads while it refuses this one. */
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

    /** Chooses another waiting upload, if there is one, as the next probe: the same upload is not the probe every time. */
    private Instant afterAnother(String destination, UploadId id, Instant probe) {
        Optional<UploadId> another = schedule.runLongestWaitingBy(destination, id, probe);
        if (another.isEmpty()) {
            return probe;
        }
        states.expectProbe(destination, another.get());
        Duration wait = Duration.between(clock.instant(), probe);
        return probe.plus(wait.compareTo(MIN_PROBE_INTERVAL) < 0 ? MIN_PROBE_INTERVAL : wait);
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
