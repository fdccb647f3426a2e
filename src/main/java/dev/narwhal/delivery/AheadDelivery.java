package dev.narwhal.delivery;

import dev.narwhal.destination.DeliveryStoppedException;
import dev.narwhal.destination.Destination;
import dev.narwhal.destination.DestinationException;
import dev.narwhal.destination.DestinationException.Failure;
import dev.narwhal.destination.PartPlan;
import dev.narwhal.staging.StagedContent;
import dev.narwhal.staging.StagingDamagedException;
import dev.narwhal.staging.StagingStore;
import dev.narwhal.upload.Upload;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends parts of an upload while the client is still sending. It sends only parts below the offset in the upload's row: those
 * bytes are durable and never change. One step sends a bounded number of parts. Between two steps the upload has only a row of
 * the schedule, whose time the upload's next complete part moves up.
 */
final class AheadDelivery {

    private static final Logger log = LoggerFactory.getLogger(AheadDelivery.class);

    private static final int PARTS_A_STEP = 16;

    /** The pause for an upload without a new complete part; a new part ends the pause. */
    private static final Duration IDLE = Duration.ofSeconds(30);

    private final DeliveryRepository deliveries;
    private final StagingStore staging;
    private final DeliveryJobs jobs;
    private final DeliveryAttempts attempts;
    private final Clock clock;

    AheadDelivery(
            DeliveryRepository deliveries,
            StagingStore staging,
            DeliveryJobs jobs,
            DeliveryAttempts attempts,
            Clock clock) {
        this.deliveries = deliveries;
        this.staging = staging;
        this.jobs = jobs;
        this.attempts = attempts;
        this.clock = clock;
    }

    /** @return when to run again; at once when there may be more to send */
    Optional<Instant> step(Upload upload, DeliveryRow row) {
        PartPlan plan = new PartPlan(Objects.requireNonNull(upload.length(), "It has a length"), row.partSize());
        int sent = row.resumeToken() == null ? 0 : deliveries.countParts(row.id());
        int last = Math.min(plan.partsBelow(upload.offset()), sent + PARTS_A_STEP);
        if (last <= sent) {
            return Optional.of(clock.instant().plus(IDLE));
        }
        return attempts.run(upload, row, (destination, attempt) -> send(upload, row, plan, last, destination, attempt));
    }

    private Optional<Instant> send(
            Upload upload, DeliveryRow row, PartPlan plan, int last, Destination destination, DeliveryAttempt attempt)
            throws DeliveryStoppedException, DestinationException {
        if (!destination.takesPartsAhead()) {
            return Optional.of(clock.instant().plus(IDLE));
        }
        try (StagedContent content = staging.read(upload.id(), plan.position(last + 1))) {
            destination.sendAhead(jobs.of(upload, row, attempt.token()), new StagedSource(content), attempt);
        } catch (StagingDamagedException e) {
            throw new DestinationException(Failure.FINAL, String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            throw new DestinationException(
                    Failure.RETRYABLE, "The staged bytes could not be read: " + e.getMessage(), e);
        }
        log.debug("delivery.sent-ahead upload={} parts={} of={}", upload.id(), last, plan.partCount());
        var unused = deliveries.awaitingBytes(upload.id(), attempt.token());
        return Optional.of(clock.instant());
    }
}
