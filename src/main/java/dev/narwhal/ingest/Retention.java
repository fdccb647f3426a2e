package dev.narwhal.ingest;

import dev.narwhal.upload.ExpiryRepository;
import dev.narwhal.upload.RetentionRepository;
import dev.narwhal.upload.RetentionRepository.Outcome;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How long the rows of uploads that are over are kept, and their end. */
final class Retention {

    private static final Logger log = LoggerFactory.getLogger(Retention.class);

    /** What is kept for ever is looked at this often, to see whether that has been set otherwise. */
    private static final Duration EVER = Duration.ofDays(30);

    private final RetentionRepository rows;
    private final ExpiryRepository expiries;
    private final Duration tombstones;
    private final Duration delivered;
    private final Duration lookAgain;

    /**
     * @param tombstones how long they are kept after they have become that; 0 for ever
     * @param delivered how long delivered uploads are kept after their delivery; 0 for ever
     * @param lookAgain when to come back to a row that something else still needs
     */
    Retention(
            RetentionRepository rows,
            ExpiryRepository expiries,
            Duration tombstones,
            Duration delivered,
            Duration lookAgain) {
        this.rows = rows;
        this.expiries = expiries;
        this.tombstones = tombstones;
        this.delivered = delivered;
        this.lookAgain = lookAgain;
    }

    /** True for a row that may go now. Those of unfinished, undelivered and failed uploads never go by themselves. */
    boolean isOver(Upload upload, Instant now) {
        return end(upload).filter(end -> !now.isBefore(end)).isPresent();
    }

    /** True for a tombstone that the sweep has not been done with before: a crash came in between. */
    boolean isFirstLook(Upload tombstone, Instant now) {
        return !isOver(tombstone, now) && now.isBefore(tombstone.updatedAt().plus(EVER));
    }

    /** It has become a tombstone at this moment, and its bytes are gone. */
    void bury(UploadId id, Instant now) {
        expiries.lookAgain(id, now.plus(tombstones.isZero() ? EVER : tombstones));
    }

    /** Not before its time is over, or may have been set otherwise. */
    void postpone(Upload upload, Instant now) {
        expiries.lookAgain(upload.id(), end(upload).orElse(now.plus(EVER)));
    }

    /**
     * Removes the row if its time is over, and else says when to look again. The caller holds the lease, and has removed the
     * bytes.
     *
     * @return true when the row is gone
     */
    boolean settle(Upload upload, Instant now) {
        if (!isOver(upload, now)) {
            postpone(upload, now);
            return false;
        }
        boolean gone = rows.remove(upload) == Outcome.REMOVED;
        if (gone) {
            log.debug("upload.forgotten upload={} state={}", upload.id(), upload.state());
        } else {
            expiries.lookAgain(upload.id(), now.plus(lookAgain));
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
