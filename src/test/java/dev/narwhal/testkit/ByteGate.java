package dev.narwhal.testkit;

import java.net.SocketException;
import java.util.function.BooleanSupplier;

/** Who may send how much through a {@link FaultProxy}; a monitor, for threads that wait are virtual and few. */
final class ByteGate {

    private long forwarded;
    private long limit = Long.MAX_VALUE;
    private int waiting;

    synchronized void countAnew(long bytes) {
        forwarded = 0;
        limit = bytes;
        notifyAll();
    }

    synchronized void open() {
        limit = Long.MAX_VALUE;
        notifyAll();
    }

    synchronized void wakeAll() {
        notifyAll();
    }

    synchronized boolean isHolding() {
        return waiting > 0;
    }

    synchronized long forwarded() {
        return forwarded;
    }

    /** Waits until at least one byte may pass; returns how many may, and counts them. */
    synchronized int admit(BooleanSupplier ended, int wanted) throws SocketException {
        waiting++;
        try {
            while (forwarded >= limit && !ended.getAsBoolean()) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SocketException("Interrupted");
        } finally {
            waiting--;
        }
        if (ended.getAsBoolean()) {
            throw new SocketException("Reset");
        }
        int allowed = (int) Math.min(wanted, limit - forwarded);
        forwarded += allowed;
        return allowed;
    }
}
