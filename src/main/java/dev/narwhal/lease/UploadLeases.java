package dev.narwhal.lease;

import dev.narwhal.upload.UploadId;
import java.util.Optional;

/**
 * Grants leases. The newest valid request wins: a client that lost its connection comes back while the server still
 * waits on the dead socket. So a new request makes the holder let go, and is not refused.
 *
 * <p>Safe for any number of threads.
 */
public interface UploadLeases {

    /**
     * Acquires the lease, from its present holder if there is one. Call this only for a valid request: a request that
     * will be refused must not stop a live transfer.
     * @throws LeaseUnavailableException when the holder did not let go in time
     */
    Lease acquire(UploadId id, LeaseHolder holder);

    /** Acquires the lease if it is free; never makes a holder let go. */
    Optional<Lease> acquireIfFree(UploadId id, LeaseHolder holder);

    /**
     * Acquires the lease for a short step that cannot be interrupted: other requests wait until the lease is closed.
     * @throws LeaseUnavailableException when the present holder did not let go in time
     */
    Lease acquireForStep(UploadId id);

    /** As {@link #acquireForStep}, if the lease is free; never makes a holder let go. */
    Optional<Lease> acquireForStepIfFree(UploadId id);

    /** The current writer of the upload. */
    Optional<LeaseHolder> holder(UploadId id);

    /**
     * Notes the present moment, so that a request may read its row before it takes the lease: a request without the
     * right to the upload then never takes the lease. Never waits, and never makes a holder let go.
     */
    Mark mark(UploadId id);

    /** The moment at which {@link UploadLeases#mark} was called. */
    interface Mark {

        /**
         * Call this after taking the lease. True only if no other request has had the lease since that moment: then the
         * row is as the last holder left it, and no later token was granted. False says nothing. Never waits.
         */
        boolean isUnchanged();
    }
}
