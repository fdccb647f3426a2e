package dev.narwhal.ingest;

import dev.narwhal.access.Caller;
import dev.narwhal.lease.Lease;
import dev.narwhal.lease.LeaseUnavailableException;
import dev.narwhal.lease.UploadLeases;
import dev.narwhal.staging.StagingStore;
import dev.narwhal.upload.DeliveryVeto;
import dev.narwhal.upload.PartialInUseException;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadId;
import dev.narwhal.upload.UploadKind;
import dev.narwhal.upload.UploadRepository;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends an upload on its client's wish (tus 1.0.0, "Termination"): the row becomes a tombstone first, then the staged bytes
 * go. What was delivered stays: the upload's URL alone must not be able to destroy it.
 */
public final class UploadTerminator {

    private static final Logger log = LoggerFactory.getLogger(UploadTerminator.class);

    private final UploadRepository uploads;
    private final StagingStore staging;
    private final UploadLeases leases;
    private final DeliveryVeto deliveries;
    private final IngestMetrics metrics;

    public UploadTerminator(
            UploadRepository uploads,
            StagingStore staging,
            UploadLeases leases,
            DeliveryVeto deliveries,
            IngestMetrics metrics) {
        this.uploads = uploads;
        this.staging = staging;
        this.leases = leases;
        this.deliveries = deliveries;
        this.metrics = metrics;
    }

    /**
     * A transfer in progress is stopped, a delivery is cancelled. A crash in between leaves bytes without a live row, for
     * the sweep. Of a final the list goes, and its partials stay; a partial stays as long as a final that is not delivered
     * is made of it.
     *
     * @throws UploadNotFoundException when the caller has no such upload (any more)
     * @throws UploadExpiredException when it has become a tombstone of another kind meanwhile
     * @throws PartialInUseException when it is a partial, and needed; no transfer was stopped
     * @throws LeaseUnavailableException when a writer or a delivery about to complete could not be stopped in time
     */
    public void terminate(Caller caller, UploadId id) throws IOException {
        refuseNeeded(load(caller, id));
        try (Lease lease = leases.acquireForStep(id)) {
            Upload upload = load(caller, id);
            while (!end(upload)) {
                upload = load(caller, id);
            }
            metrics.terminated(upload.kind());
            removeBytes(upload);
            log.info("upload.terminated upload={} state={} takeover={}", id, upload.state(), lease.isTakenOver());
        }
    }

    /** Before anybody is asked to let go. It is looked at once more when the row becomes a tombstone. */
    private void refuseNeeded(Upload upload) {
        if (upload.kind() == UploadKind.PARTIAL && uploads.isNeeded(upload.id())) {
            throw new PartialInUseException(upload.id());
        }
    }

    /** A final may be finished meanwhile by a partial, whose lease is another one: each state is looked at anew. */
    private boolean end(Upload upload) {
        if (hasDelivery(upload) && !deliveries.cancel(upload.id())) {
            throw new LeaseUnavailableException(upload.id());
        }
        return uploads.terminate(upload);
    }

    private void removeBytes(Upload upload) throws IOException {
        if (upload.kind() != UploadKind.FINAL && staging.holds(upload.volume())) {
            staging.delete(upload.id());
        }
    }

    private Upload load(Caller caller, UploadId id) {
        Upload upload = uploads.find(id, caller.owner()).orElseThrow(() -> new UploadNotFoundException(id));
        return switch (upload.state()) {
            case TERMINATED -> throw new UploadNotFoundException(id);
            case EXPIRED -> throw new UploadExpiredException(id);
            default -> upload;
        };
    }

    /**
     * Also while it is received, when parts of it may be on their way, and when it is over: its delivery's own task then
     * removes what is remembered of it.
     */
    private static boolean hasDelivery(Upload upload) {
        return upload.kind() != UploadKind.PARTIAL;
    }
}
