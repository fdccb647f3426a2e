package dev.narwhal.delivery;

import dev.narwhal.delivery.DeliveryProperties.Digest;
import dev.narwhal.destination.ContentSource;
import dev.narwhal.destination.DeliveryStoppedException;
import dev.narwhal.staging.StagedContent;
import dev.narwhal.staging.StagedUploads;
import dev.narwhal.upload.Upload;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The SHA-256 of whole files: compared before the delivery when the client has said what it must be, computed after it when the
 * settings say so. Each reads every byte once more, so that large files wait for slots of their own: neither an attempt nor
 * one of its slots is held meanwhile.
 */
final class DeliveryDigests {

    /** Whoever ends names the next; this is for when that gets lost, and for what nobody names. */
    static final Duration NO_SLOT = Duration.ofSeconds(10);

    private static final int COMPARING = 2;
    private static final int COMPUTING = 1;

    /** The most that are read at a time, before their deliveries and after them. */
    static final int SLOTS = COMPARING + COMPUTING;

    private final DeliveryRepository deliveries;
    private final StagedUploads staged;
    private final RunningDeliveries running;
    private final DeliverySchedule schedule;
    private final Digest digest;
    private final TransferSlots comparing = new TransferSlots(COMPARING);
    private final TransferSlots computing = new TransferSlots(COMPUTING);

    DeliveryDigests(
            DeliveryRepository deliveries,
            StagedUploads staged,
            RunningDeliveries running,
            DeliverySchedule schedule,
            Digest digest) {
        this.deliveries = deliveries;
        this.staged = staged;
        this.running = running;
        this.schedule = schedule;
        this.digest = digest;
    }

    /** Whether a file must be read before it may be delivered. */
    boolean isToBeCompared(Upload upload, DeliveryRow row) {
        return row.sha256() == null && ClientMetadata.sha256(upload.metadata()).isPresent();
    }

    /** A sentence when the file is not what its client has said; empty when it is, or the client has said nothing. */
    static Optional<String> mismatch(Upload upload, DeliveryRow row) {
        String actual = row.sha256();
        return ClientMetadata.sha256(upload.metadata())
                .filter(declared -> actual != null && !declared.equals(actual))
                .map(declared -> "The file has the SHA-256 " + actual + ", and its client said " + declared
                        + " (sha256 in Upload-Metadata)");
    }

    /** Whether the digest of a delivered file is still to be computed. */
    boolean isDue(DeliveryRow row) {
        return digest == Digest.SHA_256 && row.sha256() == null;
    }

    /** The digest of a small file that is to have one, on the way; null for any other. */
    @Nullable
    String ofSmall(ContentSource content, DeliveryRow row) throws IOException, DeliveryStoppedException {
        return isDue(row) && FileDigest.isQuick(content) ? FileDigest.of(content, () -> true) : null;
    }

    /**
     * Reads a file that waits for its delivery, and records its digest.
     *
     * @return false when there was no slot; the upload's task runs soon after one is free
     * @throws IOException when the staged bytes cannot be read
     * @throws DeliveryStoppedException when nobody wants it any more, or the process is stopping
     */
    boolean compute(Upload upload, DeliveryRow row) throws IOException, DeliveryStoppedException {
        return compute(upload, row, comparing);
    }

    /** The same for a file that was delivered, when nobody waits for it: one at a time. */
    boolean computeAfterDelivery(Upload upload, DeliveryRow row) throws IOException, DeliveryStoppedException {
        return compute(upload, row, computing);
    }

    private boolean compute(Upload upload, DeliveryRow row, TransferSlots slots)
            throws IOException, DeliveryStoppedException {
        if (FileDigest.isQuick(Objects.requireNonNull(upload.length(), "A finished upload has a length"))) {
            record(upload, row);
            return true;
        }
        if (!slots.tryAcquire(upload.id())) {
            return false;
        }
        try {
            record(upload, row);
            return true;
        } finally {
            slots.release(upload.id()).ifPresent(schedule::runSoon);
        }
    }

    private void record(Upload upload, DeliveryRow row) throws IOException, DeliveryStoppedException {
        // Where a client's DELETE finds it.
        DeliveryAttempt reading = new DeliveryAttempt(deliveries, row, row.token(), List.of());
        running.add(reading);
        try (StagedContent content = staged.open(upload)) {
            String sha256 = FileDigest.of(new StagedSource(content), reading::isActive);
            if (!deliveries.digested(upload.id(), row.token(), sha256)) {
                throw new DeliveryStoppedException("Another attempt has begun");
            }
        } finally {
            running.remove(reading);
        }
    }
}
