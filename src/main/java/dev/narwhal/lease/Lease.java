package dev.narwhal.lease;

/** The right to write to one upload, until the lease is closed or its holder has let go. */
public interface Lease extends AutoCloseable {

    /** True when another holder was asked to let go for this lease. */
    boolean isTakenOver();

    /** True until it is closed or another request has taken it over. */
    boolean isHeld();

    /** Releases the lease; no-op if another request has taken it over. */
    @Override
    void close();
}
