package dev.narwhal.lease;

import dev.narwhal.upload.UploadId;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The right to write to one upload, until it is closed or its holder has let go. */
public final class Lease implements AutoCloseable {

    private final UploadLeases leases;
    private final UploadId id;
    private final LeaseHolder holder;
    private final CountDownLatch over = new CountDownLatch(1);
    private boolean takenOver;

    Lease(UploadLeases leases, UploadId id, LeaseHolder holder) {
        this.leases = leases;
        this.id = id;
        this.holder = holder;
    }

    /** True when another holder was asked to let go for this lease. */
    public boolean isTakenOver() {
        return takenOver;
    }

    /** True until it is closed or somebody else has taken it over. */
    public boolean isHeld() {
        return leases.isHeld(this);
    }

    UploadId id() {
        return id;
    }

    LeaseHolder holder() {
        return holder;
    }

    void markTakenOver() {
        takenOver = true;
    }

    boolean awaitEnd(Duration patience) throws InterruptedException {
        return over.await(patience.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Gives the lease back; no-op when somebody has taken it over already. */
    @Override
    public void close() {
        leases.release(this);
        over.countDown();
    }
}
