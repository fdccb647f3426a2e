package dev.narwhal.staging;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.io.IOException;

/** Gauges of staging: free space, and the buffers of its pools. Read only when a client requests the metrics. */
final class StagingMetrics implements MeterBinder {

    private final SpaceBudget space;
    private final DiskStagingStore store;

    StagingMetrics(SpaceBudget space, DiskStagingStore store) {
        this.space = space;
        this.store = store;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("narwhal.staging.free", space, StagingMetrics::free)
                .description("Free space of the staging's file system, the reserve among it")
                .baseUnit("bytes")
                .register(registry);
        store.bufferPools().forEach((name, pool) -> watch(registry, name, pool));
    }

    private static void watch(MeterRegistry registry, String name, BufferPool pool) {
        Gauge.builder("narwhal.staging.buffers.used", pool, BufferPool::lent)
                .description("Buffers that bodies hold now")
                .tag("pool", name)
                .register(registry);
        if (pool.limit() < Integer.MAX_VALUE) {
            Gauge.builder("narwhal.staging.buffers.limit", pool, BufferPool::limit)
                    .description("Buffers that there may be; a body that gets none takes one of the next smaller pool")
                    .tag("pool", name)
                    .register(registry);
        }
    }

    private static double free(SpaceBudget space) {
        try {
            return space.freeBytes();
        } catch (IOException e) {
            return Double.NaN;
        }
    }
}
