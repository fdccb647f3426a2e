package dev.narwhal.lease;

import dev.narwhal.upload.UploadId;
import java.util.Optional;

/**
 * Hands out leases. The newest valid request wins: a client that lost its connection comes back while the server still
 * waits on the dead socket, so whoever holds the lease is asked to let go instead of the newcomer being turned away.
 *
 * <p>Safe for any number of threads.
 */
public interface UploadLeases {

    /**
     * Takes the lease, from its present holder if need be. Ask only for what is valid: a request that will be refused
     * must not stop a live transfer.
     *
     * @throws LeaseUnavailableException when the holder did not let go in time
     */
    Lease acquire(UploadId id, LeaseHolder holder);

    /** Takes the lease when nobody has it; asks nobody to let go. */
    Optional<Lease> acquireIfFree(UploadId id, LeaseHolder holder);

    /**
     * Takes the lease for a short step that cannot be stopped in the middle: others wait until it is closed.
     *
     * @throws LeaseUnavailableException when the present holder did not let go in time
     */
    Lease acquireForStep(UploadId id);

    /** As {@link #acquireForStep}, when nobody has the lease; asks nobody to let go. */
    Optional<Lease> acquireForStepIfFree(UploadId id);

    /** Who writes to the upload at this moment. */
    Optional<LeaseHolder> holder(UploadId id);
}
