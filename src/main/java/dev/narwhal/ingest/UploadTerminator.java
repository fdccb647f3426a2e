package dev.narwhal.ingest;

import dev.narwhal.lease.Lease;
import dev.narwhal.lease.LeaseUnavailableException;
import dev.narwhal.lease.UploadLeases;
import dev.narwhal.staging.StagingStore;
import dev.narwhal.upload.DeliveryQueue;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadId;
import dev.narwhal.upload.UploadRepository;
import dev.narwhal.upload.UploadState;
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
    private final DeliveryQueue deliveries;

    public UploadTerminator(
            UploadRepository uploads, StagingStore staging, UploadLeases leases, DeliveryQueue deliveries) {
        this.uploads = uploads;
        this.staging = staging;
        this.leases = leases;
        this.deliveries = deliveries;
    }

    /**
     * A transfer in progress is stopped, a delivery is cancelled. A crash in between leaves bytes without a live row, for
     * the sweep.
     *
     * @throws UploadNotFoundException when it is not there (any more)
     * @throws UploadExpiredException when it has become a tombstone of another kind meanwhile
     * @throws LeaseUnavailableException when a writer or a delivery about to complete could not be stopped in time
     */
    public void terminate(UploadId id) throws IOException {
        try (Lease lease = leases.acquireForStep(id)) {
            Upload upload = load(id);
            if (isBeingDelivered(upload) && !deliveries.cancel(id)) {
                throw new LeaseUnavailableException(id);
            }
            while (!uploads.terminate(upload)) {
                upload = load(id);
            }
            removeBytes(upload);
            log.info("upload.terminated id={} state={} takeover={}", id, upload.state(), lease.isTakenOver());
        }
        deliveries.wake();
    }

    private void removeBytes(Upload upload) throws IOException {
        if (staging.holds(upload.volume())) {
            staging.delete(upload.id());
        }
    }

    private Upload load(UploadId id) {
        Upload upload = uploads.find(id).orElseThrow(() -> new UploadNotFoundException(id));
        return switch (upload.state()) {
            case TERMINATED -> throw new UploadNotFoundException(id);
            case EXPIRED -> throw new UploadExpiredException(upload);
            default -> upload;
        };
    }

    private static boolean isBeingDelivered(Upload upload) {
        return upload.state() == UploadState.FINISHED || upload.state() == UploadState.FAILED;
    }
}
