package dev.narwhal.lease;

/** The right to write to one upload, until it is closed or its holder has let go. */
public interface Lease extends AutoCloseable {

    /** True when another holder was asked to let go for this lease. */
    boolean isTakenOver();

    /** True until it is closed or somebody else has taken it over. */
    boolean isHeld();

    /** Gives the lease back; no-op when somebody has taken it over already. */
    @Override
    void close();
}
