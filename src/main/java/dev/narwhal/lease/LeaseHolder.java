package dev.narwhal.lease;

import java.time.Duration;
import java.util.Optional;

/**
 * Who writes to an upload now, as seen by those who wait for it or ask how far it is. All methods are called on their
 * threads, at any time, also when the lease is over.
 */
public interface LeaseHolder {

    /**
     * Stop writing. When this returns true the holder has recorded everything it had received, and nothing it receives
     * later reaches the upload; its lease is over. May be called several times and concurrently.
     *
     * @param patience how long the caller waits for a file write in progress, or for a holder that cannot be stopped
     * @return false when the patience was over first; the holder then goes on undisturbed
     */
    boolean letGo(Duration patience) throws InterruptedException;

    /** Record what has been received so far and go on. Best effort, bounded, never fails; disturbs nobody. */
    default void catchUp() {}

    /**
     * A client was told that the upload is at {@code offset}, after {@link #catchUp}. It may come with that offset when this
     * holder has gone past it. Never waits.
     */
    default void told(long offset) {}

    /** True for a holder whose request was let in: the upload does not expire meanwhile. Never waits. */
    default boolean isWriting() {
        return false;
    }

    /** How far the holder's body is; empty when it has none, or none yet. Never waits. */
    default Optional<BodyProgress> progress() {
        return Optional.empty();
    }
}
