package dev.narwhal.node;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The meter of this process's heartbeat for its volume. */
final class NodeMetrics {

    private NodeMetrics() {}

    /** @param sinceLastBeat 0 where no heartbeat is needed */
    static void register(MeterRegistry registry, Supplier<Duration> sinceLastBeat) {
        TimeGauge.builder(
                        "narwhal.volume.heartbeat.age",
                        () -> sinceLastBeat.get().toNanos(),
                        TimeUnit.NANOSECONDS)
                .description("How long ago the database has taken this process's last heartbeat for its volume")
                .register(registry);
    }
}
