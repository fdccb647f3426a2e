package dev.narwhal.ingest;

import dev.narwhal.database.DatabaseFailures;
import dev.narwhal.lease.Lease;
import dev.narwhal.lease.UploadLeases;
import dev.narwhal.staging.StagingStore;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadId;
import dev.narwhal.upload.UploadIdentity;
import dev.narwhal.upload.UploadLifecycle;
import dev.narwhal.upload.UploadProgress;
import dev.narwhal.upload.UploadRepository;
import dev.narwhal.upload.UploadState;
import java.io.IOException;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates uploads: the staged file first, then the row. */
public final class UploadCreator {

    private static final Logger log = LoggerFactory.getLogger(UploadCreator.class);

    private final UploadRepository uploads;
    private final StagingStore staging;
    private final UploadLeases leases;
    private final IngestMetrics metrics;
    private final Clock clock;

    public UploadCreator(
            UploadRepository uploads, StagingStore staging, UploadLeases leases, IngestMetrics metrics, Clock clock) {
        this.uploads = uploads;
        this.staging = staging;
        this.leases = leases;
        this.metrics = metrics;
        this.clock = clock;
    }

    /**
     * Durable when this returns. An upload of 0 bytes is finished at once, and its delivery queued.
     *
     * @throws dev.narwhal.staging.StagingFullException when it cannot fit
     */
    public Upload create(NewUpload wanted) throws IOException {
        Upload upload = row(wanted);
        Upload created = stage(upload, wanted.length() == null ? 0 : wanted.length());
        metrics.created(created.kind());
        if (created.state().isComplete()) {
            metrics.finished(created.kind());
        }
        log.debug("upload.created upload={} length={}", created.id(), created.length());
        return created;
    }

    /** Nobody else knows the id; but whoever looks for files without a row must not find this one on its way. */
    private Upload stage(Upload upload, long expectedBytes) throws IOException {
        try (Lease lease = leases.acquireForStep(upload.id())) {
            staging.create(upload.id(), expectedBytes);
            return add(upload);
        }
    }

    /** The row as it is stored: it knows when it expires. */
    private Upload add(Upload upload) {
        try {
            return uploads.create(upload);
        } catch (RuntimeException e) {
            removeStaged(upload.id(), e);
            throw e;
        }
    }

    private Upload row(NewUpload wanted) {
        boolean empty = wanted.length() != null && wanted.length() == 0;
        return new Upload(
                new UploadIdentity(UploadId.random(), wanted.caller().owner(), wanted.kind(), staging.volume()),
                wanted.description(),
                UploadProgress.begun(wanted.length()),
                UploadLifecycle.begun(empty ? UploadState.FINISHED : UploadState.RECEIVING, clock.instant()));
    }

    /**
     * Only when the row is surely not there: with the database away nobody knows, and an empty file without a row is for
     * the sweep, while a row without its file would be damage.
     */
    private void removeStaged(UploadId id, RuntimeException failure) {
        if (DatabaseFailures.isUnavailable(failure)) {
            return;
        }
        try {
            if (uploads.find(id).isEmpty()) {
                staging.delete(id);
            }
        } catch (IOException | RuntimeException e) {
            failure.addSuppressed(e);
        }
    }
}
