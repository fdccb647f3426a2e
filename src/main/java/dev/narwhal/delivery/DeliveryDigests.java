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
 * The SHA-256 of whole files. When the client has declared a digest, it is compared before the delivery. When the settings ask
 * for a digest, it is computed after the delivery. Each digest reads the whole file once more, so large files wait for separate
 * slots: a digest holds neither an attempt nor an attempt's slot.
 */
final class DeliveryDigests {

    /**
     * The pause for an upload without a slot. The upload that releases a slot runs the next one; this pause covers a lost hint.
     */
    static final Duration NO_SLOT = Duration.ofSeconds(10);

    private static final int COMPARING = 2;
    private static final int COMPUTING = 1;

    /** The most large files that are digested at a time, before and after their deliveries. */
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

    /** Whether a file must be digested before its delivery. */
    boolean isToBeCompared(Upload upload, DeliveryRow row) {
        return row.sha256() == null && ClientMetadata.sha256(upload.metadata()).isPresent();
    }

    /**
     * A sentence when the file's digest differs from the client's declaration; empty when it matches, or the client has
     * declared none.
     */
    static Optional<String> mismatch(Upload upload, DeliveryRow row) {
        String actual = row.sha256();
        return ClientMetadata.sha256(upload.metadata())
                .filter(declared -> actual != null && !declared.equals(actual))
                .map(declared -> "The file has the SHA-256 " + actual + ", and its client said " + declared
                        + " (sha256 in Upload-Metadata)");
    }

    /** True for an upload whose delivery needs no separate step for a digest. */
    boolean isQuick(Upload upload) {
        return ClientMetadata.sha256(upload.metadata()).isEmpty()
                && (digest == Digest.NONE || FileDigest.isQuick(upload.offset()));
    }

    /** Whether the digest of a delivered file is still missing. */
    boolean isDue(DeliveryRow row) {
        return digest == Digest.SHA_256 && row.sha256() == null;
    }

    /** The digest of a small file, computed within its delivery if the settings ask for one; null otherwise. */
    @Nullable
    String ofSmall(ContentSource content, DeliveryRow row) throws IOException, DeliveryStoppedException {
        return isDue(row) && FileDigest.isQuick(content) ? FileDigest.of(content, () -> true) : null;
    }

    /**
     * Reads a file that waits for its delivery, and records its digest.
     *
     * @return false when no slot was free; the upload's task runs soon after one is released
     * @throws IOException when the staged bytes cannot be read
     * @throws DeliveryStoppedException when the upload was deleted or the process is stopping
     */
    boolean compute(Upload upload, DeliveryRow row) throws IOException, DeliveryStoppedException {
        return compute(upload, row, comparing);
    }

    /** As {@link #compute(Upload, DeliveryRow)}, for a delivered file: one at a time, since no client waits for it. */
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
        // Registered so that a client's DELETE can cancel the reading.
        DeliveryAttempt reading = new DeliveryAttempt(deliveries, row, row.token(), List.of());
        running.add(reading);
        try (StagedContent content = staged.open(upload)) {
            String sha256 = FileDigest.of(new StagedSource(content), reading::isActive);
            if (!deliveries.setSha256(upload.id(), row.token(), sha256)) {
                throw new DeliveryStoppedException("Another attempt has begun");
            }
        } finally {
            running.remove(reading);
        }
    }
}
