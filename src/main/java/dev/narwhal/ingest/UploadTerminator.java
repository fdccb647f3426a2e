package dev.narwhal.ingest;

import dev.narwhal.access.Caller;
import dev.narwhal.history.HistoryEntry;
import dev.narwhal.history.HistoryEvent;
import dev.narwhal.history.HistoryRows;
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
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends an upload at its client's request (tus 1.0.0, "Termination"): the row becomes a tombstone first, then the
 * staged bytes are removed. A delivered object stays: knowing an upload's URL must not be enough to delete delivered
 * data.
 */
public final class UploadTerminator {

    private static final Logger log = LoggerFactory.getLogger(UploadTerminator.class);

    private final UploadRepository uploads;
    private final StagingStore staging;
    private final UploadLeases leases;
    private final DeliveryVeto deliveries;
    private final HistoryRows history;
    private final IngestMetrics metrics;
    private final Clock clock;

    public UploadTerminator(
            UploadRepository uploads,
            StagingStore staging,
            UploadLeases leases,
            DeliveryVeto deliveries,
            HistoryRows history,
            IngestMetrics metrics,
            Clock clock) {
        this.uploads = uploads;
        this.staging = staging;
        this.leases = leases;
        this.deliveries = deliveries;
        this.history = history;
        this.metrics = metrics;
        this.clock = clock;
    }

    /**
     * Stops a transfer in progress, cancels the delivery, and ends the upload. A crash in between leaves bytes
     * without a live row, which the sweep removes. Ending a final removes its list and keeps its partials. A partial
     * cannot be ended while an undelivered final needs it.
     *
     * @throws UploadNotFoundException when the caller has no such upload (any more)
     * @throws UploadExpiredException when the upload has expired
     * @throws PartialInUseException when a final needs this partial; no transfer was stopped
     * @throws LeaseUnavailableException when a holder, or a delivery about to complete, could not be stopped in time
     */
    public void terminate(Caller caller, UploadId id) throws IOException {
        refuseNeeded(load(caller, id));
        try (Lease lease = leases.acquireForStep(id)) {
            Upload upload = load(caller, id);
            while (!end(upload, caller)) {
                upload = load(caller, id);
            }
            metrics.terminated(upload.kind());
            removeBytes(upload);
            log.info("upload.terminated upload={} state={} takeover={}", id, upload.state(), lease.isTakenOver());
        }
    }

    /** Checked before a holder is asked to let go, and again when the row becomes a tombstone. */
    private void refuseNeeded(Upload upload) {
        if (upload.kind() == UploadKind.PARTIAL && uploads.isNeeded(upload.id())) {
            throw new PartialInUseException(upload.id());
        }
    }

    /**
     * Meanwhile a partial, under its own lease, may finish the final: the caller then reads the row again and
     * retries.
     */
    private boolean end(Upload upload, Caller caller) {
        if (hasDelivery(upload) && !deliveries.cancel(upload.id())) {
            throw new LeaseUnavailableException(upload.id());
        }
        return uploads.terminate(upload, () -> recordStranger(upload, caller));
    }

    /** Who ends an upload of its own leaves the time in the row, and nothing else. */
    private void recordStranger(Upload upload, Caller caller) {
        if (!upload.owner().equals(caller.owner())) {
            history.add(
                    upload.id(),
                    HistoryEntry.of(HistoryEvent.TERMINATED, clock.instant()).by(caller.actor()));
        }
    }

    private void removeBytes(Upload upload) throws IOException {
        if (upload.kind() != UploadKind.FINAL && staging.holds(upload.volume())) {
            staging.delete(upload.id());
        }
    }

    private Upload load(Caller caller, UploadId id) {
        Upload upload = uploads.find(id, caller.sight()).orElseThrow(() -> new UploadNotFoundException(id));
        return switch (upload.state()) {
            case TERMINATED -> throw new UploadNotFoundException(id);
            case EXPIRED -> throw new UploadExpiredException(id);
            default -> upload;
        };
    }

    /**
     * True also while the upload is being received, since parts of it may be in delivery, and when it is over: the
     * delivery's own task then removes the delivery's records.
     */
    private static boolean hasDelivery(Upload upload) {
        return upload.kind() != UploadKind.PARTIAL;
    }
}
