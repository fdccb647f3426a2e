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

    /**
     * Notes a moment, so that a row may be read before the lease is taken: the row of whoever may not have it costs nobody a
     * lease. Never waits, asks nobody.
     */
    Mark mark(UploadId id);

    /** The moment at which {@link UploadLeases#mark} was called. */
    interface Mark {

        /**
         * Asked by whoever has taken the lease since. True only when nobody else has had it from that moment on: what was read
         * in between is what the last holder left, and no token was granted after the one that was read with it. False says
         * nothing. Never waits.
         */
        boolean isUnchanged();
    }
}
