package dev.narwhal.client.progress;

import java.time.Duration;
import java.util.function.LongSupplier;

/** A clock that the test moves. */
final class ManualNanos implements LongSupplier {

    private long nanos = Long.MAX_VALUE - 5;

    void advance(Duration time) {
        nanos += time.toNanos();
    }

    /** Starts just before the overflow: differences count, not values. */
    @Override
    public long getAsLong() {
        return nanos;
    }
}
