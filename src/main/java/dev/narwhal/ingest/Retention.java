package dev.narwhal.ingest;

import dev.narwhal.upload.ExpiryRepository;
import dev.narwhal.upload.RetentionRepository;
import dev.narwhal.upload.RetentionRepository.Outcome;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadId;
import dev.narwhal.upload.UploadState;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides how long the rows of uploads that are over are kept, and removes them. */
final class Retention {

    private static final Logger log = LoggerFactory.getLogger(Retention.class);

    private static final int BATCH = 1_000;

    private final RetentionRepository rows;
    private final ExpiryRepository expiries;
    private final Duration tombstones;
    private final Duration delivered;
    private final Duration retryAfter;
    private @Nullable UploadId adopted;

    /**
     * @param tombstones how long tombstones are kept after the upload's end; 0 for ever
     * @param delivered how long delivered uploads are kept after their delivery; 0 for ever
     * @param retryAfter when to check a row again that is still in use
     */
    Retention(
            RetentionRepository rows,
            ExpiryRepository expiries,
            Duration tombstones,
            Duration delivered,
            Duration retryAfter) {
        this.rows = rows;
        this.expiries = expiries;
        this.tombstones = tombstones;
        this.delivered = delivered;
        this.retryAfter = retryAfter;
    }

    /**
     * True for a row that may be removed now. Rows of unfinished, undelivered and failed uploads are never removed
     * here.
     */
    boolean isOver(Upload upload, Instant now) {
        return end(upload).filter(end -> !now.isBefore(end)).isPresent();
    }

    /** True for a tombstone that the sweep has not finished: the process crashed after it wrote the tombstone. */
    boolean isUnprocessed(Upload tombstone, Instant now) {
        return !isOver(tombstone, now) && now.isBefore(tombstone.updatedAt().plus(RetentionRepository.RECHECK));
    }

    /** Schedules the removal of a row that has just become a tombstone and whose bytes have been removed. */
    void keepTombstone(UploadId id, Instant now) {
        expiries.lookAgain(id, now.plus(tombstones.isZero() ? RetentionRepository.RECHECK : tombstones));
    }

    /**
     * Postpones the next check to the end of the retention time. A tombstone that is kept for ever is checked again in case
     * the setting has changed; a delivered upload is not, since there may be millions ({@link #adoptDelivered}).
     */
    void postpone(Upload upload, Instant now) {
        if (upload.state() == UploadState.DELIVERED && delivered.isZero()) {
            expiries.forget(upload.id());
        } else {
            expiries.lookAgain(upload.id(), end(upload).orElse(now.plus(RetentionRepository.RECHECK)));
        }
    }

    /**
     * Makes the uploads due that were delivered while their rows were kept for ever, if they no longer are. To be repeated until
     * it returns true: each call takes a part of them, and all calls together read the rows once. For one thread.
     *
     * @return true when no more are left
     */
    boolean adoptDelivered(String volume, Instant now) {
        if (delivered.isZero()) {
            return true;
        }
        Optional<UploadId> last = expiries.adoptDelivered(volume, adopted, now, BATCH);
        adopted = last.orElse(adopted);
        return last.isEmpty();
    }

    /**
     * Removes the row if its retention time is over; otherwise postpones the next check. The caller holds the lease,
     * and has removed the bytes.
     *
     * @return true when the row is gone
     */
    boolean removeIfOver(Upload upload, Instant now) {
        if (!isOver(upload, now)) {
            postpone(upload, now);
            return false;
        }
        boolean gone = rows.remove(upload) == Outcome.REMOVED;
        if (gone) {
            log.debug("upload.forgotten upload={} state={}", upload.id(), upload.state());
        } else {
            expiries.lookAgain(upload.id(), now.plus(retryAfter));
        }
        return gone;
    }

    private Optional<Instant> end(Upload upload) {
        Duration kept = switch (upload.state()) {
            case EXPIRED, TERMINATED -> tombstones;
            case DELIVERED -> delivered;
            case RECEIVING, FINISHED, FAILED -> Duration.ZERO;
        };
        return kept.isZero() ? Optional.empty() : Optional.of(upload.updatedAt().plus(kept));
    }
}
