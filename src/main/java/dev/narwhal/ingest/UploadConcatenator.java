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
 * Makes one upload of several (tus 1.0.0, "Concatenation"). No byte is copied: a final is a list of partials, finished or
 * not, and is finished with the last of them.
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
     * Durable when this returns; a final whose partials are all finished is finished at once, and its delivery queued. When
     * it fails, or the process dies before, there is no final.
     *
     * @throws PartialUnusableException when one of the list is no partial upload of the caller, or has expired
     * @throws VolumeAbsentException when the bytes of a partial cannot be reached
     * @throws FinalTooLargeException when they are more than an upload may have
     */
    public Upload concatenate(NewFinal wanted) {
        UploadId id = UploadId.random();
        Predicate<String> holds = volumesHere();
        Upload created = uploads.createFinal(
                id, wanted.caller().owner(), wanted.partials(), rows -> assemble(id, wanted, rows, holds));
        metrics.created(UploadKind.FINAL);
        log.debug(
                "upload.concatenated upload={} partials={} state={}",
                id,
                wanted.partials().size(),
                created.state());
        return created;
    }

    /** The disk is asked once and beforehand: everybody's rows wait for the transaction, which must wait for no disk. */
    private Predicate<String> volumesHere() {
        String volume = staging.volume();
        boolean isHere = staging.holds(volume);
        return wanted -> isHere && wanted.equals(volume);
    }

    /** Called with the rows of the caller's partials locked: what is decided here stays true until the final is there. */
    private Upload assemble(UploadId id, NewFinal wanted, Map<UploadId, Upload> rows, Predicate<String> holds) {
        boolean complete = true;
        boolean deferred = false;
        long known = 0;
        int position = 0;
        for (UploadId partial : wanted.partials()) {
            Upload row = usable(rows.get(partial), ++position, holds);
            complete &= row.state() == UploadState.FINISHED;
            deferred |= row.isLengthDeferred();
            known = sum(known, row.length());
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

    /** Neither the limit nor the largest number is passed on the way. */
    private long sum(long known, @Nullable Long length) {
        if (length != null && length > largest - known) {
            throw new FinalTooLargeException(largest);
        }
        return known + (length == null ? 0 : length);
    }

    private Upload row(UploadId id, NewFinal wanted, @Nullable Long length, boolean complete) {
        return new Upload(
                new UploadIdentity(id, wanted.caller().owner(), UploadKind.FINAL, staging.volume()),
                wanted.description(),
                new UploadProgress(length, complete && length != null ? length : 0, 0),
                UploadLifecycle.begun(complete ? UploadState.FINISHED : UploadState.RECEIVING, clock.instant()));
    }
}
