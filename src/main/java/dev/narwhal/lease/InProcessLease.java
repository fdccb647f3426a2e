package dev.narwhal.lease;

import dev.narwhal.upload.UploadId;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

final class InProcessLease implements Lease {

    private final InProcessLeases leases;
    private final UploadId id;
    private final LeaseHolder holder;
    private final CountDownLatch over = new CountDownLatch(1);
    private boolean takenOver;

    InProcessLease(InProcessLeases leases, UploadId id, LeaseHolder holder) {
        this.leases = leases;
        this.id = id;
        this.holder = holder;
    }

    @Override
    public boolean isTakenOver() {
        return takenOver;
    }

    @Override
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

    @Override
    public void close() {
        leases.release(this);
        over.countDown();
    }
}
