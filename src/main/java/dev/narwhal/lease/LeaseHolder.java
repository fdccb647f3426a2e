package dev.narwhal.lease;

import java.time.Duration;
import java.util.Optional;

/**
 * The current writer of an upload, as seen by requests that take the upload over or ask for its offset. These requests
 * call all methods on their own threads, at any time, even after the lease has ended.
 */
public interface LeaseHolder {

    /**
     * Makes the holder stop writing. When this returns true, the holder has recorded all bytes that it had received, no
     * later byte of it reaches the upload, and its lease has ended. May be called several times and concurrently.
     * @param patience how long the caller waits for a file write in progress, or for a holder that cannot be stopped
     * @return false when that time was over first; the holder then continues undisturbed
     */
    boolean letGo(Duration patience) throws InterruptedException;

    /**
     * Makes the holder record the bytes received so far and continue. Best effort, with a time limit; never fails and
     * never stops the holder.
     */
    default void catchUp() {}

    /**
     * Tells the holder that a client got {@code offset} as the upload's offset, after {@link #catchUp}. The client may
     * send a PATCH at that offset when this holder has passed it. Never waits.
     */
    default void told(long offset) {}

    /** True for a holder whose request was admitted: the upload does not expire meanwhile. Never waits. */
    default boolean isWriting() {
        return false;
    }

    /** The progress of the holder's body; empty when it has no body yet, or none at all. Never waits. */
    default Optional<BodyProgress> progress() {
        return Optional.empty();
    }
}
