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
 * Ends the uploads that have expired, and removes their bytes: the row becomes a tombstone first, then the bytes go, and
 * after a while the row. A crash in between leaves a row that is due for a look, and the next sweep goes on there; so it does
 * with what a crash left of a terminated upload. Rows of delivered uploads go in their time, too.
 *
 * <p>Invariant (T114, T115): nothing is ended but under its lease, which is taken only from nobody, and nothing but what is
 * over in the row as it is under that lease. Touches rows of the volume that this process holds, and no others.
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
    private final Duration lookAgain;
    private final IngestMetrics metrics;
    private final Clock clock;

    /** @param lookAgain when to come back to an upload whose time is over and that something else keeps */
    public ExpirySweep(
            UploadRepository uploads,
            ExpiryRepository expiries,
            UploadExpiry expiry,
            StagingStore staging,
            UploadLeases leases,
            DeliveryVeto deliveries,
            Retention retention,
            Duration lookAgain,
            IngestMetrics metrics,
            Clock clock) {
        this.uploads = uploads;
        this.expiries = expiries;
        this.expiry = expiry;
        this.staging = staging;
        this.leases = leases;
        this.deliveries = deliveries;
        this.retention = retention;
        this.lookAgain = lookAgain;
        this.metrics = metrics;
        this.clock = clock;
    }

    /**
     * Looks at what is due, up to 1,000 uploads: one statement when that is nothing, and a few for each.
     *
     * @param stopping asked between two uploads; true ends the sweep
     * @return true when more may be due
     * @throws RuntimeException when the database is away; what was done until then stays done
     */
    public boolean run(BooleanSupplier stopping) {
        Tally tally = new Tally();
        int looked = 0;
        boolean more = true;
        while (more && looked < MOST) {
            Instant now = clock.instant();
            List<Upload> due = expiries.due(staging.volume(), now, BATCH);
            for (Upload upload : due) {
                if (stopping.getAsBoolean()) {
                    return false;
                }
                look(upload, now, tally);
            }
            looked += due.size();
            more = due.size() == BATCH;
        }
        if (tally.expired > 0 || tally.forgotten > 0) {
            log.info("sweep.done expired={} forgotten={} looked-at={}", tally.expired, tally.forgotten, looked);
        }
        return more;
    }

    /** Whatever came of it, the upload is not due any more, so that the sweep comes to an end. */
    private void look(Upload due, Instant now, Tally tally) {
        if (isEarly(due, now)) {
            return;
        }
        Optional<Lease> free = leases.acquireForStepIfFree(due.id());
        if (free.isEmpty()) {
            later(due.id(), now);
            return;
        }
        try (Lease lease = free.get()) {
            settle(due.id(), now, tally);
            return;
        } catch (IOException e) {
            log.warn("sweep.bytes-kept upload={} they could not be removed: {}", due.id(), e.getMessage());
        } catch (RuntimeException e) {
            if (DatabaseFailures.isUnavailable(e)) {
                throw e;
            }
            // One upload must not keep the sweep from the others.
            log.error("sweep.defect upload={}", due.id(), e);
        }
        later(due.id(), now);
    }

    /** True for one that was looked at before its time, as most are once; when that is, is known now. */
    private boolean isEarly(Upload due, Instant now) {
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

    private void settle(UploadId id, Instant now, Tally tally) throws IOException {
        Upload upload = uploads.find(id).orElse(null);
        if (upload == null || isEarly(upload, now)) {
            return;
        }
        if (!upload.state().isLive()) {
            bury(upload, now, tally);
        } else if (upload.state() == UploadState.DELIVERED) {
            tally.forgotten += retention.settle(upload, now) ? 1 : 0;
        } else if (!upload.isExpirable() || upload.expiresAt() == null) {
            expiries.forget(id);
        } else {
            end(upload, now, tally);
        }
    }

    private void end(Upload upload, Instant now, Tally tally) throws IOException {
        if (!isFree(upload, now) || expiries.expire(upload, now) != ExpiryRepository.Outcome.EXPIRED) {
            later(upload.id(), now);
            return;
        }
        metrics.expired(upload.kind());
        log.info("upload.expired upload={} kind={} offset={}", upload.id(), upload.kind(), upload.offset());
        tally.expired++;
        staging.delete(upload.id());
        retention.bury(upload.id(), now);
    }

    /** The bytes of a tombstone, if a crash has left some, and in its time the row. */
    private void bury(Upload tombstone, Instant now, Tally tally) throws IOException {
        staging.delete(tombstone.id());
        if (tombstone.state() == UploadState.EXPIRED && retention.isFirstLook(tombstone, now)) {
            tally.expired++;
            log.info(
                    "upload.expired upload={} kind={} offset={} resumed=true",
                    tombstone.id(),
                    tombstone.kind(),
                    tombstone.offset());
        }
        tally.forgotten += retention.settle(tombstone, now) ? 1 : 0;
    }

    /** Whether nothing hangs on it that goes on: a final's partials, or the delivery of what has arrived so far. */
    private boolean isFree(Upload upload, Instant now) {
        return switch (upload.kind()) {
            case WHOLE -> deliveries.cancel(upload.id());
            // Its finals are looked at in the transaction that ends it.
            case PARTIAL -> true;
            case FINAL -> !expiry.isFed(upload.id(), now) && deliveries.cancel(upload.id());
        };
    }

    private void later(UploadId id, Instant now) {
        expiries.lookAgain(id, now.plus(lookAgain));
    }

    /** What one run has come to. */
    private static final class Tally {
        private int expired;
        private int forgotten;
    }
}
