package dev.narwhal.ingest;

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

/** Creates uploads without a body, which are rows alone. Plans those with a body. */
public final class UploadCreator {

    private static final Logger log = LoggerFactory.getLogger(UploadCreator.class);

    private final UploadRepository uploads;
    private final StagingStore staging;
    private final IngestMetrics metrics;
    private final Clock clock;

    public UploadCreator(UploadRepository uploads, StagingStore staging, IngestMetrics metrics, Clock clock) {
        this.uploads = uploads;
        this.staging = staging;
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
        staging.admit(upload.id(), upload.length() == null ? 0 : upload.length());
        Upload created = uploads.create(upload);
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
                new UploadIdentity(
                        UploadId.random(),
                        wanted.caller().owner(),
                        wanted.kind(),
                        staging.volume(),
                        wanted.caller().terms()),
                wanted.description(),
                UploadProgress.begun(wanted.length()),
                UploadLifecycle.begun(empty ? UploadState.FINISHED : UploadState.RECEIVING, clock.instant()));
    }
}
