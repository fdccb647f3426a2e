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

/** Creates uploads without a body: the staged file first, then the row. Plans those with a body. */
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
     * Creates the upload; durable when this returns. An upload of 0 bytes is finished at once and its delivery
     * queued.
     *
     * @throws dev.narwhal.staging.StagingFullException when the staging has no room for it
     */
    public Upload create(NewUpload wanted) throws IOException {
        Upload upload = plan(wanted);
        Upload created = stage(upload, wanted.length() == null ? 0 : wanted.length());
        metrics.created(created.kind());
        if (created.state().isComplete()) {
            metrics.finished(created.kind());
        }
        log.debug("upload.created upload={} length={}", created.id(), created.length());
        return created;
    }

    /** The row of the upload as it will be, with a new id. Nothing is stored. */
    public Upload plan(NewUpload wanted) {
        boolean empty = wanted.length() != null && wanted.length() == 0;
        return new Upload(
                new UploadIdentity(UploadId.random(), wanted.caller().owner(), wanted.kind(), staging.volume()),
                wanted.description(),
                UploadProgress.begun(wanted.length()),
                UploadLifecycle.begun(empty ? UploadState.FINISHED : UploadState.RECEIVING, clock.instant()));
    }

    /**
     * Holds the lease although no other request knows the id: the orphan sweep must not take the new file for one
     * without a row.
     */
    private Upload stage(Upload upload, long expectedBytes) throws IOException {
        try (Lease lease = leases.acquireForStep(upload.id())) {
            staging.create(upload.id(), expectedBytes);
            return add(upload);
        }
    }

    /** Returns the row as stored, with its expiry time. */
    private Upload add(Upload upload) {
        try {
            return uploads.create(upload);
        } catch (RuntimeException e) {
            removeStaged(upload.id(), e);
            throw e;
        }
    }

    /**
     * Removes the staged file only when the row certainly does not exist. If the database is away, that is unknown.
     * An empty file without a row is left to the orphan sweep; a row without its file would be damage.
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
