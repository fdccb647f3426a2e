package dev.narwhal.lease;

import java.time.Duration;

/** Who writes to an upload now, as seen by those who wait for it. Both methods are called on the waiter's thread. */
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
}
