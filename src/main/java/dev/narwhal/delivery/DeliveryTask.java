package dev.narwhal.delivery;

import dev.narwhal.destination.ContentSource;
import dev.narwhal.destination.DeliveryJob;
import dev.narwhal.destination.DeliveryReceipt;
import dev.narwhal.destination.DeliveryStoppedException;
import dev.narwhal.destination.Destination;
import dev.narwhal.destination.DestinationException;
import dev.narwhal.destination.DestinationException.Failure;
import dev.narwhal.destination.Destinations;
import dev.narwhal.staging.StagedContent;
import dev.narwhal.staging.StagedUploads;
import dev.narwhal.staging.StagingDamagedException;
import dev.narwhal.staging.StagingStore;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadId;
import dev.narwhal.upload.UploadRepository;
import dev.narwhal.upload.UploadState;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The next action for an upload, decided from its rows alone, so that a crash at any point changes nothing. A finished upload
 * is compared with its client's declared digest and delivered. After the delivery it is digested, and its staged bytes are
 * removed. For a deleted or expired upload the destination's leftovers are removed. The scheduler repeats the task until it
 * says that nothing is left to do.
 */
final class DeliveryTask {

    private static final Logger log = LoggerFactory.getLogger(DeliveryTask.class);

    /** The most steps of one upload's send-ahead in a row, before other uploads have their turn. */
    private static final int MAX_SEND_AHEAD_STEPS = 8;

    private final UploadRepository uploads;
    private final DeliveryRepository deliveries;
    private final StagingStore staging;
    private final StagedUploads staged;
    private final DeliveryJobs jobs;
    private final DeliveryAttempts attempts;
    private final DeliveryFailures failures;
    private final DeliveryDigests digests;
    private final AheadDelivery ahead;
    private final DeliveryCleanup cleanup;
    private final DeliveryMetrics metrics;
    private final Clock clock;

    DeliveryTask(
            UploadRepository uploads,
            DeliveryRepository deliveries,
            StagingStore staging,
            Destinations destinations,
            DeliveryJobs jobs,
            DeliveryAttempts attempts,
            DeliveryFailures failures,
            DeliveryDigests digests,
            DeliverySettings settings,
            DeliveryMetrics metrics,
            Clock clock) {
        this.uploads = uploads;
        this.deliveries = deliveries;
        this.staging = staging;
        this.staged = new StagedUploads(staging, uploads);
        this.jobs = jobs;
        this.attempts = attempts;
        this.failures = failures;
        this.digests = digests;
        this.ahead = new AheadDelivery(deliveries, staging, jobs, attempts, clock);
        this.cleanup = new DeliveryCleanup(
                deliveries, staging, staged, destinations, jobs, failures, digests, settings, clock);
        this.metrics = metrics;
        this.clock = clock;
    }

    /** @return when to run again; empty when nothing is left to do */
    Optional<Instant> run(UploadId id) {
        for (int step = 0; step < MAX_SEND_AHEAD_STEPS; step++) {
            Optional<Upload> upload = uploads.find(id);
            Optional<DeliveryRow> row = deliveries.find(id);
            if (upload.isEmpty() || row.isEmpty()) {
                return Optional.empty();
            }
            if (upload.get().state() != UploadState.RECEIVING) {
                return run(upload.get(), row.get());
            }
            Optional<Instant> next = ahead.step(upload.get(), row.get());
            if (next.isPresent() && next.get().isAfter(clock.instant())) {
                return next;
            }
        }
        return in(Duration.ZERO);
    }

    private Optional<Instant> run(Upload upload, DeliveryRow row) {
        return switch (upload.state()) {
            case FINISHED -> finished(upload, row);
            case DELIVERED -> cleanup.cleanUp(upload, row);
            case TERMINATED, EXPIRED -> cleanup.abandon(upload, row);
            case RECEIVING -> in(Duration.ZERO);
            case FAILED -> Optional.empty();
        };
    }

    private Optional<Instant> finished(Upload upload, DeliveryRow row) {
        Optional<String> mismatch = DeliveryDigests.mismatch(upload, row);
        if (mismatch.isPresent()) {
            return failures.failedBefore(upload, row, new DestinationException(Failure.FINAL, mismatch.get()));
        }
        if (digests.isToBeCompared(upload, row) && staging.holds(upload.volume())) {
            return compare(upload, row);
        }
        Optional<Instant> next =
                attempts.run(upload, row, (destination, attempt) -> deliver(upload, row, destination, attempt));
        return next.isPresent() && !next.get().isAfter(clock.instant()) ? cleanUpIfDelivered(upload.id(), next) : next;
    }

    /** A file with a declared digest is read and compared before any byte of it becomes visible. */
    private Optional<Instant> compare(Upload upload, DeliveryRow row) {
        try {
            return digests.compute(upload, row) ? run(upload.id()) : in(DeliveryDigests.NO_SLOT);
        } catch (DeliveryStoppedException e) {
            return failures.stopped(upload);
        } catch (IOException e) {
            return failures.failedBefore(upload, row, unreadable(e));
        }
    }

    static DestinationException unreadable(IOException e) {
        if (e instanceof StagingDamagedException) {
            return new DestinationException(Failure.FINAL, String.valueOf(e.getMessage()), e);
        }
        return new DestinationException(Failure.RETRYABLE, "The staged bytes could not be read: " + e.getMessage(), e);
    }

    /** Runs after the attempt has ended: the cleanup needs neither the destination nor the slot. */
    private Optional<Instant> cleanUpIfDelivered(UploadId id, Optional<Instant> otherwise) {
        Optional<Upload> upload = uploads.find(id).filter(now -> now.state() == UploadState.DELIVERED);
        Optional<DeliveryRow> row = upload.isPresent() ? deliveries.find(id) : Optional.empty();
        return row.isPresent() ? cleanup.cleanUp(upload.get(), row.get()) : otherwise;
    }

    private Optional<Instant> deliver(Upload upload, DeliveryRow row, Destination destination, DeliveryAttempt attempt)
            throws DeliveryStoppedException, DestinationException {
        long began = System.nanoTime();
        log.debug("delivery.started upload={} key={} attempt={}", upload.id(), row.key(), attempt.token());
        try (StagedContent content = staged.open(upload)) {
            ContentSource source = new StagedSource(content);
            DeliveryJob job = jobs.of(upload, row, attempt.token());
            DeliveryReceipt receipt = destination.deliver(job, source, attempt);
            record(upload, row, attempt, receipt, digests.ofSmall(source, row));
            Duration took = Duration.ofNanos(System.nanoTime() - began);
            metrics.delivered(row.destination(), took, job.plan().length());
        } catch (IOException e) {
            throw unreadable(e);
        }
        return in(Duration.ZERO);
    }

    /** The upload becomes DELIVERED as soon as its object is verified. */
    private void record(
            Upload upload, DeliveryRow row, DeliveryAttempt attempt, DeliveryReceipt receipt, @Nullable String sha256)
            throws DeliveryStoppedException {
        if (!deliveries.delivered(upload.id(), attempt.token(), receipt, sha256)) {
            throw new DeliveryStoppedException("The object was delivered, but the upload is not ours any more");
        }
        attempt.completionEnded();
        logDelivered(upload, row.destination(), receipt);
    }

    static void logDelivered(Upload upload, String destination, DeliveryReceipt receipt) {
        log.info(
                "delivery.delivered upload={} destination={} key={} bytes={} verified={} adopted={}",
                upload.id(),
                destination,
                receipt.key(),
                upload.length(),
                receipt.verifiedBy(),
                receipt.adopted());
    }

    private Optional<Instant> in(Duration pause) {
        return Optional.of(clock.instant().plus(pause));
    }
}
