package dev.narwhal.ingest;

import dev.narwhal.database.DatabaseFailures;
import dev.narwhal.lease.Lease;
import dev.narwhal.lease.UploadLeases;
import dev.narwhal.staging.StagingStore;
import dev.narwhal.upload.DeliveryVeto;
import dev.narwhal.upload.ExpiryRepository;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadId;
import dev.narwhal.upload.UploadRepository;
import dev.narwhal.upload.UploadState;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends expired uploads and removes their bytes: the row becomes a tombstone first, then the bytes are deleted, and
 * after the retention time the row. After a crash in between, the row is still due and the next sweep continues; the
 * same holds for a terminated upload. Rows of delivered uploads are removed after their own retention time.
 *
 * <p>Invariant (T114, T115): the sweep changes an upload only under its lease, which it never takes from another
 * holder, and only if the row is still over when read under that lease. It touches only rows of the volume that this
 * process holds.
 */
public final class ExpirySweep {

    private static final Logger log = LoggerFactory.getLogger(ExpirySweep.class);

    private static final int BATCH = 100;
    private static final int MOST = 1_000;

    private final UploadRepository uploads;
    private final ExpiryRepository expiries;
    private final UploadExpiry expiry;
    private final StagingStore staging;
    private final UploadLeases leases;
    private final DeliveryVeto deliveries;
    private final Retention retention;
    private final Duration retryAfter;
    private final IngestMetrics metrics;
    private final Clock clock;
    /** Only the thread of the sweep changes it; sweeps may come in turns of several threads. */
    private volatile boolean adopted;

    /** @param retryAfter when to check an upload again that is over, but still in use */
    public ExpirySweep(
            UploadRepository uploads,
            ExpiryRepository expiries,
            UploadExpiry expiry,
            StagingStore staging,
            UploadLeases leases,
            DeliveryVeto deliveries,
            Retention retention,
            Duration retryAfter,
            IngestMetrics metrics,
            Clock clock) {
        this.uploads = uploads;
        this.expiries = expiries;
        this.expiry = expiry;
        this.staging = staging;
        this.leases = leases;
        this.deliveries = deliveries;
        this.retention = retention;
        this.retryAfter = retryAfter;
        this.metrics = metrics;
        this.clock = clock;
    }

    /**
     * Processes the uploads that are due, up to 1,000. Costs one statement when none is due, and a few for each
     * upload; the first sweeps after a start also take up what was kept for ever before.
     *
     * @param stopping asked before each upload; true ends the sweep
     * @return true when more may be due
     * @throws RuntimeException when the database is away; uploads processed before stay processed
     */
    public boolean run(BooleanSupplier stopping) {
        adopted = adopted || retention.adoptDelivered(staging.volume(), clock.instant());
        SweepCounts counts = new SweepCounts();
        int processed = 0;
        boolean more = true;
        while (more && processed < MOST) {
            Instant now = clock.instant();
            List<Upload> due = expiries.due(staging.volume(), now, BATCH);
            for (Upload upload : due) {
                if (stopping.getAsBoolean()) {
                    return false;
                }
                process(upload, now, counts);
            }
            processed += due.size();
            more = due.size() == BATCH;
        }
        if (counts.expired > 0 || counts.forgotten > 0) {
            log.info("sweep.done expired={} forgotten={} looked-at={}", counts.expired, counts.forgotten, processed);
        }
        return more || !adopted;
    }

    /** Whatever the result, the upload is not due afterwards: so the sweep ends. */
    private void process(Upload due, Instant now, SweepCounts counts) {
        if (postponeIfEarly(due, now)) {
            return;
        }
        Optional<Lease> free = leases.acquireForStepIfFree(due.id());
        if (free.isEmpty()) {
            retryLater(due.id(), now);
            return;
        }
        try (Lease lease = free.get()) {
            endIfOver(due.id(), now, counts);
            return;
        } catch (IOException e) {
            log.warn("sweep.bytes-kept upload={} they could not be removed: {}", due.id(), e.getMessage());
        } catch (RuntimeException e) {
            if (DatabaseFailures.isUnavailable(e)) {
                throw e;
            }
            // A defect with one upload must not stop the sweep.
            log.error("sweep.defect upload={}", due.id(), e);
        }
        retryLater(due.id(), now);
    }

    /**
     * Postpones the next check of an upload that is not over yet; true of most when they are first due.
     *
     * @return true when it was postponed
     */
    private boolean postponeIfEarly(Upload due, Instant now) {
        if (due.isExpirable() && due.expiresAt() != null && !due.isOverdue(now)) {
            expiries.lookAgain(due.id(), due.expiresAt());
            return true;
        }
        if (due.state() == UploadState.DELIVERED && !retention.isOver(due, now)) {
            retention.postpone(due, now);
            return true;
        }
        return false;
    }

    private void endIfOver(UploadId id, Instant now, SweepCounts counts) throws IOException {
        Upload upload = uploads.find(id).orElse(null);
        if (upload == null || postponeIfEarly(upload, now)) {
            return;
        }
        if (!upload.state().isLive()) {
            cleanUpTombstone(upload, now, counts);
        } else if (upload.state() == UploadState.DELIVERED) {
            counts.forgotten += retention.removeIfOver(upload, now) ? 1 : 0;
        } else if (!upload.isExpirable() || upload.expiresAt() == null) {
            expiries.forget(id);
        } else {
            expire(upload, now, counts);
        }
    }

    private void expire(Upload upload, Instant now, SweepCounts counts) throws IOException {
        if (!releaseUses(upload, now) || expiries.expire(upload, now) != ExpiryRepository.Outcome.EXPIRED) {
            retryLater(upload.id(), now);
            return;
        }
        metrics.expired(upload.kind());
        log.info("upload.expired upload={} kind={} offset={}", upload.id(), upload.kind(), upload.offset());
        counts.expired++;
        staging.delete(upload.id());
        retention.keepTombstone(upload.id(), now);
    }

    /** Removes the bytes of a tombstone, which a crash may have left, and after the retention time its row. */
    private void cleanUpTombstone(Upload tombstone, Instant now, SweepCounts counts) throws IOException {
        staging.delete(tombstone.id());
        if (tombstone.state() == UploadState.EXPIRED && retention.isUnprocessed(tombstone, now)) {
            counts.expired++;
            log.info(
                    "upload.expired upload={} kind={} offset={} resumed=true",
                    tombstone.id(),
                    tombstone.kind(),
                    tombstone.offset());
        }
        counts.forgotten += retention.removeIfOver(tombstone, now) ? 1 : 0;
    }

    /**
     * Cancels the upload's delivery. False while the upload is still in use: its delivery cannot be cancelled, or a
     * partial of the final has not expired.
     */
    private boolean releaseUses(Upload upload, Instant now) {
        return switch (upload.kind()) {
            case WHOLE -> deliveries.cancel(upload.id());
            // The transaction that expires a partial checks its finals.
            case PARTIAL -> true;
            case FINAL -> !expiry.hasLivePartial(upload.id(), now) && deliveries.cancel(upload.id());
        };
    }

    private void retryLater(UploadId id, Instant now) {
        expiries.lookAgain(id, now.plus(retryAfter));
    }

    /** What one run has done. */
    private static final class SweepCounts {
        private int expired;
        private int forgotten;
    }
}
