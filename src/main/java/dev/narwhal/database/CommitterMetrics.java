package dev.narwhal.database;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/** The meters of the row committer: docs/metrics.md. */
final class CommitterMetrics implements MeterBinder {

    private final RowCommitter committer;

    CommitterMetrics(RowCommitter committer) {
        this.committer = committer;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder(
                        "narwhal.commits.oldest",
                        committer,
                        all -> all.oldestWait().toNanos() / 1e9)
                .baseUnit("seconds")
                .description("How long the oldest change of a row has been waiting to be committed and synced.")
                .register(registry);
    }
}
