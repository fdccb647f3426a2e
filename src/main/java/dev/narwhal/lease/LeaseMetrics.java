package dev.narwhal.lease;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;

/** Counts takeovers and timeouts, and measures how long a request waits for the holder. */
public final class LeaseMetrics {

    private final Timer waits;
    private final Counter takeovers;
    private final Counter timeouts;

    public LeaseMetrics(MeterRegistry registry) {
        waits = Timer.builder("narwhal.lease.wait")
                .description("How long a request waited for the one before it to let go of the upload")
                .register(registry);
        takeovers = Counter.builder("narwhal.lease.takeovers")
                .description("Requests that took an upload over from another one")
                .register(registry);
        timeouts = Counter.builder("narwhal.lease.timeouts")
                .description("Requests that were refused because the one before them did not let go in time")
                .register(registry);
    }

    void tookOver(long waitedNanos) {
        waits.record(Duration.ofNanos(waitedNanos));
        takeovers.increment();
    }

    void timedOut(long waitedNanos) {
        waits.record(Duration.ofNanos(waitedNanos));
        timeouts.increment();
    }
}
