package dev.narwhal.delivery;

import dev.narwhal.destination.DeliveryJob;
import dev.narwhal.destination.DeliveryStoppedException;
import dev.narwhal.destination.Destination;
import dev.narwhal.destination.DestinationException;
import dev.narwhal.destination.Destinations;
import dev.narwhal.destination.SentPart;
import dev.narwhal.staging.StagedUploads;
import dev.narwhal.staging.StagingDamagedException;
import dev.narwhal.staging.StagingStore;
import dev.narwhal.upload.Upload;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Cleans up after a delivery, or after an upload that was deleted or has expired. */
final class DeliveryCleanup {

    private static final Logger log = LoggerFactory.getLogger(DeliveryCleanup.class);

    private final DeliveryRepository deliveries;
    private final StagingStore staging;
    private final StagedUploads staged;
    private final Destinations destinations;
    private final DeliveryJobs jobs;
    private final DeliveryFailures failures;
    private final DeliveryDigests digests;
    private final DeliverySettings settings;
    private final Clock clock;

    DeliveryCleanup(
            DeliveryRepository deliveries,
            StagingStore staging,
            StagedUploads staged,
            Destinations destinations,
            DeliveryJobs jobs,
            DeliveryFailures failures,
            DeliveryDigests digests,
            DeliverySettings settings,
            Clock clock) {
        this.deliveries = deliveries;
        this.staging = staging;
        this.staged = staged;
        this.destinations = destinations;
        this.jobs = jobs;
        this.failures = failures;
        this.digests = digests;
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * The object is recorded. This computes the digest of a large file if the settings ask for it, and then removes the staged
     * bytes.
     */
    Optional<Instant> cleanUp(Upload upload, DeliveryRow row) {
        if (!staging.holds(upload.volume())) {
            return in(DeliveryAttempts.VOLUME_ABSENT);
        }
        try {
            if (digests.isDue(row) && !isDigested(upload, row)) {
                return in(DeliveryDigests.NO_SLOT);
            }
            Instant delivered = Objects.requireNonNullElse(row.deliveredAt(), clock.instant());
            Instant removal = delivered.plus(settings.keepAfterDelivery());
            if (clock.instant().isBefore(removal)) {
                return Optional.of(removal);
            }
            staged.delete(upload);
            return Optional.empty();
        } catch (DeliveryStoppedException e) {
            return failures.stopped(upload);
        } catch (IOException e) {
            log.warn("delivery.bytes-kept upload={} they could not be removed: {}", upload.id(), e.getMessage());
            return in(settings.backoff().after(Integer.MAX_VALUE));
        }
    }

    private boolean isDigested(Upload upload, DeliveryRow row) throws IOException, DeliveryStoppedException {
        try {
            return digests.computeAfterDelivery(upload, row);
        } catch (StagingDamagedException e) {
            log.warn("delivery.undigested upload={} the staged bytes have gone: {}", upload.id(), e.getMessage());
            return true;
        }
    }

    /**
     * Removes the parts of an undelivered upload from its destination. A delivered object is never removed here: knowing an
     * upload's URL must not be enough to delete delivered data.
     */
    Optional<Instant> abandon(Upload upload, DeliveryRow row) {
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
        return row.resumeToken() == null ? List.of() : deliveries.parts(row.id());
    }

    private Optional<Instant> in(Duration pause) {
        return Optional.of(clock.instant().plus(pause));
    }
}
