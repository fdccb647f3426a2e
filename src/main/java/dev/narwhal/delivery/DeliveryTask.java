package dev.narwhal.delivery;

import dev.narwhal.destination.DeliveryJob;
import dev.narwhal.destination.DeliveryReceipt;
import dev.narwhal.destination.DeliveryStoppedException;
import dev.narwhal.destination.Destination;
import dev.narwhal.destination.DestinationException;
import dev.narwhal.destination.DestinationException.Failure;
import dev.narwhal.destination.SentPart;
import dev.narwhal.staging.StagedContent;
import dev.narwhal.staging.StagedUploads;
import dev.narwhal.staging.StagingDamagedException;
import dev.narwhal.staging.StagingStore;
import dev.narwhal.upload.DatabaseFailures;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadId;
import dev.narwhal.upload.UploadRepository;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is to be done for an upload now, decided from its rows alone, so that it is the same after a crash at any point:
 * deliver it, remove its staged bytes once it is delivered, or remove what the destination has of it once nobody wants it.
 * Run again until it says that nothing is left to do.
 */
final class DeliveryTask {

    private static final Logger log = LoggerFactory.getLogger(DeliveryTask.class);

    /** How long to look away from a volume that is not mounted. */
    private static final Duration VOLUME_ABSENT = Duration.ofSeconds(30);

    /** How long a cancelling client has to move the upload's row, before the delivery goes on. */
    static final Duration CANCEL_GRACE = Duration.ofSeconds(2);

    private final UploadRepository uploads;
    private final DeliveryRepository deliveries;
    private final StagingStore staging;
    private final StagedUploads staged;
    private final Destination destination;
    private final DeliveryJobs jobs;
    private final RunningDeliveries running;
    private final DeliverySettings settings;
    private final Clock clock;

    DeliveryTask(
            UploadRepository uploads,
            DeliveryRepository deliveries,
            StagingStore staging,
            Destination destination,
            DeliveryJobs jobs,
            RunningDeliveries running,
            DeliverySettings settings,
            Clock clock) {
        this.uploads = uploads;
        this.deliveries = deliveries;
        this.staging = staging;
        this.staged = new StagedUploads(staging, uploads);
        this.destination = destination;
        this.jobs = jobs;
        this.running = running;
        this.settings = settings;
        this.clock = clock;
    }

    /** @return when to run again; empty when nothing is left to do */
    Optional<Instant> run(UploadId id) {
        Optional<Upload> upload = uploads.find(id);
        Optional<DeliveryRow> row = deliveries.find(id);
        if (upload.isEmpty() || row.isEmpty()) {
            return Optional.empty();
        }
        return run(upload.get(), row.get());
    }

    private Optional<Instant> run(Upload upload, DeliveryRow row) {
        return switch (upload.state()) {
            case FINISHED -> deliver(upload, row);
            case DELIVERED -> tidy(upload, row);
            case TERMINATED, EXPIRED -> abandon(upload, row);
            case FAILED, RECEIVING -> Optional.empty();
        };
    }

    private Optional<Instant> deliver(Upload upload, DeliveryRow row) {
        if (!staging.holds(upload.volume())) {
            log.warn("delivery.volume-absent upload={} volume={}", upload.id(), upload.volume());
            return in(VOLUME_ABSENT);
        }
        Optional<Long> token = deliveries.begin(row);
        if (token.isEmpty()) {
            return in(CANCEL_GRACE);
        }
        DeliveryAttempt attempt = new DeliveryAttempt(deliveries, row, token.get(), parts(row));
        running.add(attempt);
        try {
            return attempt(upload, row, attempt);
        } catch (DeliveryStoppedException e) {
            return stopped(upload);
        } catch (DestinationException e) {
            // What fails while everything is being closed says nothing about the delivery.
            return running.isStopping() ? stopped(upload) : failed(upload, row, attempt, e);
        } finally {
            running.remove(attempt);
        }
    }

    private List<SentPart> parts(DeliveryRow row) {
        return row.handle() == null ? List.of() : deliveries.parts(row.id());
    }

    private Optional<Instant> attempt(Upload upload, DeliveryRow row, DeliveryAttempt attempt)
            throws DeliveryStoppedException, DestinationException {
        log.debug("delivery.started upload={} key={} attempt={}", upload.id(), row.key(), attempt.token());
        try (StagedContent content = staged.open(upload);
                FileDigest digest = FileDigest.start(new StagedSource(content))) {
            DeliveryJob job = jobs.of(upload, row, attempt.token());
            DeliveryReceipt receipt = deliver(job, content, attempt);
            record(upload, attempt, receipt, digest);
            if (digest.ifDone().isEmpty()) {
                var unused = deliveries.digested(upload.id(), attempt.token(), digest.result());
            }
        } catch (StagingDamagedException e) {
            throw new DestinationException(Failure.FINAL, String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            throw new DestinationException(
                    Failure.RETRYABLE, "The staged bytes could not be read: " + e.getMessage(), e);
        }
        return run(upload.id());
    }

    private DeliveryReceipt deliver(DeliveryJob job, StagedContent content, DeliveryAttempt attempt)
            throws DeliveryStoppedException, DestinationException {
        try {
            return destination.deliver(job, new StagedSource(content), attempt);
        } catch (RuntimeException e) {
            // With the database away nothing can be recorded either: the scheduler comes back in a while.
            if (DatabaseFailures.isUnavailable(e)) {
                throw e;
            }
            if (running.isStopping()) {
                throw new DeliveryStoppedException("The destination was closed meanwhile: " + e);
            }
            log.error("delivery.defect upload={} key={}", job.uploadId(), job.key(), e);
            throw new DestinationException(Failure.RETRYABLE, "Unexpected: " + e, e);
        }
    }

    /** The upload becomes DELIVERED as soon as its object is verified; a digest of a large file may follow. */
    private void record(Upload upload, DeliveryAttempt attempt, DeliveryReceipt receipt, FileDigest digest)
            throws DeliveryStoppedException, IOException {
        String sha256 = digest.ifDone().orElse(null);
        if (!deliveries.delivered(upload.id(), attempt.token(), receipt, sha256)) {
            throw new DeliveryStoppedException("The object was delivered, but the upload is not ours any more");
        }
        attempt.settle();
        log.info(
                "delivery.delivered upload={} destination={} key={} bytes={} verified={} adopted={}",
                upload.id(),
                destination.describe(),
                receipt.key(),
                upload.length(),
                receipt.verifiedBy(),
                receipt.adopted());
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
            Upload upload, DeliveryRow row, DeliveryAttempt attempt, DestinationException failure) {
        int attempts = row.attempts() + 1;
        String error = String.valueOf(failure.getMessage());
        if (failure.failure() != Failure.FINAL && !settings.delivery().isLastAttempt(attempts)) {
            boolean recorded = deliveries.attemptFailed(upload.id(), attempt.token(), error);
            Duration pause = settings.backoff().after(attempts);
            log.warn(
                    "delivery.retried upload={} attempts={} failure={} pause={} {}",
                    upload.id(),
                    attempts,
                    failure.failure(),
                    pause,
                    error);
            return recorded ? in(pause) : stopped(upload);
        }
        if (!deliveries.failed(upload.id(), attempt.token(), error)) {
            return stopped(upload);
        }
        log.error(
                "delivery.failed upload={} attempts={} failure={} the file stays staged until somebody retries it: {}",
                upload.id(),
                attempts,
                failure.failure(),
                error);
        return Optional.empty();
    }

    /** The object is recorded: what remains is the digest, if a crash came before it, and the staged bytes. */
    private Optional<Instant> tidy(Upload upload, DeliveryRow row) {
        if (!staging.holds(upload.volume())) {
            return in(VOLUME_ABSENT);
        }
        try {
            if (row.sha256() == null) {
                digest(upload, row);
            }
            Instant delivered = Objects.requireNonNullElse(row.deliveredAt(), clock.instant());
            Instant removal = delivered.plus(settings.keepAfterDelivery());
            if (clock.instant().isBefore(removal)) {
                return Optional.of(removal);
            }
            staged.delete(upload);
            return Optional.empty();
        } catch (IOException e) {
            log.warn("delivery.bytes-kept upload={} they could not be removed: {}", upload.id(), e.getMessage());
            return in(settings.backoff().after(Integer.MAX_VALUE));
        }
    }

    private void digest(Upload upload, DeliveryRow row) throws IOException {
        try (StagedContent content = staged.open(upload);
                FileDigest digest = FileDigest.start(new StagedSource(content))) {
            var unused = deliveries.digested(upload.id(), row.token(), digest.result());
        } catch (StagingDamagedException e) {
            log.warn("delivery.undigested upload={} the staged bytes have gone: {}", upload.id(), e.getMessage());
        }
    }

    /** What a delivered object's deletion leaves is nobody's business here: the URL alone must not destroy it. */
    private Optional<Instant> abandon(Upload upload, DeliveryRow row) {
        try {
            if (row.status() != DeliveryStatus.DELIVERED) {
                DeliveryJob job = jobs.of(upload, row, row.token() + 1);
                destination.abandon(job, new DeliveryAttempt(deliveries, row, row.token(), parts(row)));
                log.info("delivery.abandoned upload={} key={}", upload.id(), row.key());
            }
            deliveries.remove(row);
            return Optional.empty();
        } catch (DestinationException e) {
            log.warn("delivery.leftovers upload={} key={} {}", upload.id(), row.key(), e.getMessage());
            return in(settings.backoff().after(Integer.MAX_VALUE));
        }
    }

    private Optional<Instant> in(Duration pause) {
        return Optional.of(clock.instant().plus(pause));
    }
}
