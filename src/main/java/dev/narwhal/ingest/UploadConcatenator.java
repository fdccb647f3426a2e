package dev.narwhal.ingest;

import dev.narwhal.ingest.PartialUnusableException.Reason;
import dev.narwhal.staging.StagingStore;
import dev.narwhal.upload.FinalTooLargeException;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadId;
import dev.narwhal.upload.UploadIdentity;
import dev.narwhal.upload.UploadKind;
import dev.narwhal.upload.UploadLifecycle;
import dev.narwhal.upload.UploadProgress;
import dev.narwhal.upload.UploadRepository;
import dev.narwhal.upload.UploadState;
import java.time.Clock;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates final uploads (tus 1.0.0, "Concatenation"). No byte is copied: a final is a list of partials, finished or
 * not, and is finished when the last of them is.
 */
public final class UploadConcatenator {

    private static final Logger log = LoggerFactory.getLogger(UploadConcatenator.class);

    private final UploadRepository uploads;
    private final StagingStore staging;
    private final UploadExpiry expiry;
    private final long largest;
    private final IngestMetrics metrics;
    private final Clock clock;

    /** @param largest bytes that an upload may have */
    public UploadConcatenator(
            UploadRepository uploads,
            StagingStore staging,
            UploadExpiry expiry,
            long largest,
            IngestMetrics metrics,
            Clock clock) {
        this.uploads = uploads;
        this.staging = staging;
        this.expiry = expiry;
        this.largest = largest;
        this.metrics = metrics;
        this.clock = clock;
    }

    /**
     * Creates the final; durable when this returns. If all its partials are finished, the final is finished at once
     * and its delivery queued. When this fails, or the process dies first, there is no final.
     *
     * @throws PartialUnusableException when a listed upload is no partial of the caller, or has expired
     * @throws VolumeAbsentException when the volume with a partial's bytes is not mounted
     * @throws FinalTooLargeException when the partials have more bytes than an upload may have
     */
    public Upload concatenate(NewFinal wanted) {
        UploadId id = UploadId.random();
        Predicate<String> holds = volumesHere();
        Upload created = uploads.createFinal(
                id, wanted.caller().sight(), wanted.partials(), rows -> assemble(id, wanted, rows, holds));
        metrics.created(UploadKind.FINAL);
        log.debug(
                "upload.concatenated upload={} partials={} state={}",
                id,
                wanted.partials().size(),
                created.state());
        return created;
    }

    /**
     * Asks the disk once and before the transaction: other row updates wait for the transaction, so it must not wait
     * for a disk.
     */
    private Predicate<String> volumesHere() {
        String volume = staging.volume();
        boolean isHere = staging.holds(volume);
        return wanted -> isHere && wanted.equals(volume);
    }

    /**
     * Called with the rows of the caller's partials locked: a decision made here stays true until the final exists.
     */
    private Upload assemble(UploadId id, NewFinal wanted, Map<UploadId, Upload> rows, Predicate<String> holds) {
        boolean complete = true;
        boolean deferred = false;
        long known = 0;
        int position = 0;
        for (UploadId partial : wanted.partials()) {
            Upload row = usable(rows.get(partial), ++position, holds);
            complete &= row.state() == UploadState.FINISHED;
            deferred |= row.isLengthDeferred();
            known = sum(
                    known,
                    row.length(),
                    Math.min(largest, wanted.caller().creation().largestUpload()));
        }
        return row(id, wanted, deferred ? null : known, complete);
    }

    private Upload usable(@Nullable Upload row, int position, Predicate<String> holds) {
        if (row == null || !row.state().isLive() || expiry.hasExpired(row, holds)) {
            throw new PartialUnusableException(Reason.NOT_FOUND, position);
        }
        if (row.kind() != UploadKind.PARTIAL) {
            throw new PartialUnusableException(Reason.NOT_A_PARTIAL, position);
        }
        if (!holds.test(row.volume())) {
            throw new VolumeAbsentException(row.id(), row.volume());
        }
        return row;
    }

    /** Adds without exceeding the limit or overflowing. */
    private static long sum(long known, @Nullable Long length, long largest) {
        if (length != null && length > largest - known) {
            throw new FinalTooLargeException(largest);
        }
        return known + (length == null ? 0 : length);
    }

    private Upload row(UploadId id, NewFinal wanted, @Nullable Long length, boolean complete) {
        return new Upload(
                new UploadIdentity(
                        id,
                        wanted.caller().owner(),
                        UploadKind.FINAL,
                        staging.volume(),
                        wanted.caller().terms()),
                wanted.description(),
                new UploadProgress(length, complete && length != null ? length : 0, 0),
                UploadLifecycle.begun(complete ? UploadState.FINISHED : UploadState.RECEIVING, clock.instant()));
    }
}
