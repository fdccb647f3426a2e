package dev.narwhal.delivery;

import dev.narwhal.destination.ContentSource;
import dev.narwhal.destination.DeliveryJob;
import dev.narwhal.destination.DeliveryReceipt;
import dev.narwhal.destination.DeliveryStoppedException;
import dev.narwhal.destination.Destination;
import dev.narwhal.destination.DestinationException;
import dev.narwhal.destination.DestinationException.Failure;
import dev.narwhal.destination.Destinations;
import dev.narwhal.destination.SentPart;
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
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is to be done for an upload now, decided from its rows alone, so that it is the same after a crash at any point:
 * deliver it, remove its staged bytes once it is delivered, or remove what the destination has of it once nobody wants it.
 * Run again until it says that nothing is left to do.
 */
final class DeliveryTask {

    private static final Logger log = LoggerFactory.getLogger(DeliveryTask.class);

    /** Parts of one upload that are sent ahead in a row, before others have their turn. */
    private static final int STEPS = 8;

    private final UploadRepository uploads;
    private final DeliveryRepository deliveries;
    private final StagingStore staging;
    private final StagedUploads staged;
    private final Destinations destinations;
    private final DeliveryJobs jobs;
    private final DeliveryAttempts attempts;
    private final AheadDelivery ahead;
    private final DeliverySettings settings;
    private final DeliveryMetrics metrics;
    private final Clock clock;

    DeliveryTask(
            UploadRepository uploads,
            DeliveryRepository deliveries,
            StagingStore staging,
            Destinations destinations,
            DeliveryJobs jobs,
            DeliveryAttempts attempts,
            DeliverySettings settings,
            DeliveryMetrics metrics,
            Clock clock) {
        this.uploads = uploads;
        this.deliveries = deliveries;
        this.staging = staging;
        this.staged = new StagedUploads(staging, uploads);
        this.destinations = destinations;
        this.jobs = jobs;
        this.attempts = attempts;
        this.ahead = new AheadDelivery(deliveries, staging, jobs, attempts, clock);
        this.settings = settings;
        this.metrics = metrics;
        this.clock = clock;
    }

    /** @return when to run again; empty when nothing is left to do */
    Optional<Instant> run(UploadId id) {
        for (int step = 0; step < STEPS; step++) {
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
            case FINISHED ->
                attempts.run(upload, row, (destination, attempt) -> deliver(upload, row, destination, attempt));
            case DELIVERED -> tidy(upload, row);
            case TERMINATED, EXPIRED -> abandon(upload, row);
            case RECEIVING -> in(Duration.ZERO);
            case FAILED -> Optional.empty();
        };
    }

    private Optional<Instant> deliver(Upload upload, DeliveryRow row, Destination destination, DeliveryAttempt attempt)
            throws DeliveryStoppedException, DestinationException {
        long began = System.nanoTime();
        log.debug("delivery.started upload={} key={} attempt={}", upload.id(), row.key(), attempt.token());
        try (StagedContent content = staged.open(upload)) {
            ContentSource source = new StagedSource(content);
            DeliveryJob job = jobs.of(upload, row, attempt.token());
            DeliveryReceipt receipt = destination.deliver(job, source, attempt);
            record(upload, row, attempt, receipt, FileDigest.isQuick(source) ? FileDigest.of(source) : null);
            Duration took = Duration.ofNanos(System.nanoTime() - began);
            metrics.delivered(row.destination(), took, job.plan().length());
        } catch (StagingDamagedException e) {
            throw new DestinationException(Failure.FINAL, String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            throw new DestinationException(
                    Failure.RETRYABLE, "The staged bytes could not be read: " + e.getMessage(), e);
        }
        return run(upload.id());
    }

    /** The upload becomes DELIVERED as soon as its object is verified; the digest of a large file follows. */
    private void record(
            Upload upload, DeliveryRow row, DeliveryAttempt attempt, DeliveryReceipt receipt, @Nullable String sha256)
            throws DeliveryStoppedException {
        if (!deliveries.delivered(upload.id(), attempt.token(), receipt, sha256)) {
            throw new DeliveryStoppedException("The object was delivered, but the upload is not ours any more");
        }
        attempt.settle();
        log.info(
                "delivery.delivered upload={} destination={} key={} bytes={} verified={} adopted={}",
                upload.id(),
                row.destination(),
                receipt.key(),
                upload.length(),
                receipt.verifiedBy(),
                receipt.adopted());
    }

    /** The object is recorded: what remains is the digest of a large file, and the staged bytes. */
    private Optional<Instant> tidy(Upload upload, DeliveryRow row) {
        if (!staging.holds(upload.volume())) {
            return in(DeliveryAttempts.VOLUME_ABSENT);
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
        try (StagedContent content = staged.open(upload)) {
            String sha256 = FileDigest.of(new StagedSource(content));
            var unused = deliveries.digested(upload.id(), row.token(), sha256);
        } catch (StagingDamagedException e) {
            log.warn("delivery.undigested upload={} the staged bytes have gone: {}", upload.id(), e.getMessage());
        }
    }

    /** What a delivered object's deletion leaves is nobody's business here: the URL alone must not destroy it. */
    private Optional<Instant> abandon(Upload upload, DeliveryRow row) {
        Optional<Destination> destination = destinations.find(row.destination());
        if (destination.isEmpty() && row.status() != DeliveryStatus.DELIVERED) {
            log.warn("delivery.leftovers upload={} destination={} is not known", upload.id(), row.destination());
            return in(settings.backoff().after(Integer.MAX_VALUE));
        }
        try {
            if (row.status() != DeliveryStatus.DELIVERED) {
                DeliveryJob job = jobs.of(upload, row, row.token() + 1);
                destination.orElseThrow().abandon(job, new DeliveryAttempt(deliveries, row, row.token(), parts(row)));
                log.info("delivery.abandoned upload={} key={}", upload.id(), row.key());
            }
            deliveries.remove(row);
            return Optional.empty();
        } catch (DestinationException e) {
            log.warn("delivery.leftovers upload={} key={} {}", upload.id(), row.key(), e.getMessage());
            return in(settings.backoff().after(Integer.MAX_VALUE));
        }
    }

    private List<SentPart> parts(DeliveryRow row) {
        return row.handle() == null ? List.of() : deliveries.parts(row.id());
    }

    private Optional<Instant> in(Duration pause) {
        return Optional.of(clock.instant().plus(pause));
    }
}
