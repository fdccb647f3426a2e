package dev.narwhal.client.transfer;

import java.time.Duration;
import java.util.function.LongSupplier;

/** How many failures in a row, and for how long, before a transfer is given up. Progress on the server starts anew. */
public final class Patience {

    private final int retries;
    private final Duration retryFor;
    private final LongSupplier nanos;
    private int failures;
    private long firstFailureAt;

    /**
     * @param retries 0 or more
     * @param retryFor counted from the first failure of a row
     */
    public Patience(int retries, Duration retryFor, LongSupplier nanos) {
        if (retries < 0) {
            throw new IllegalArgumentException("The number of retries is not negative: " + retries);
        }
        if (retryFor.isNegative()) {
            throw new IllegalArgumentException("The time to retry is not negative: " + retryFor);
        }
        this.retries = retries;
        this.retryFor = retryFor;
        this.nanos = nanos;
    }

    void progressed() {
        failures = 0;
    }

    /** Returns how many failures there are in a row now, this one included. */
    int failed() {
        if (failures == 0) {
            firstFailureAt = nanos.getAsLong();
        }
        return ++failures;
    }

    boolean isExhausted() {
        return failures > retries || nanos.getAsLong() - firstFailureAt > retryFor.toNanos();
    }
}
