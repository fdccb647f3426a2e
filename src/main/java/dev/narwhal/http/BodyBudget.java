package dev.narwhal.http;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicLong;

/** The heap that all bodies in progress may hold together. */
public final class BodyBudget {

    private final long limit;
    private final AtomicLong held = new AtomicLong();
    private final Counter refused;

    /** @param limit bytes, at least 1 */
    public BodyBudget(long limit, MeterRegistry registry) {
        if (limit < 1) {
            throw new IllegalArgumentException("A budget of " + limit + " bytes admits nothing");
        }
        this.limit = limit;
        Gauge.builder("narwhal.bodies.memory", held, AtomicLong::get)
                .description("Heap that bodies in progress are reckoned to hold")
                .baseUnit("bytes")
                .register(registry);
        Gauge.builder("narwhal.bodies.memory.limit", () -> limit)
                .description("Heap that bodies in progress may hold together")
                .baseUnit("bytes")
                .register(registry);
        refused = Counter.builder("narwhal.bodies.refused")
                .description("Bodies for which there was no memory")
                .register(registry);
    }

    /**
     * Admits a body. A single body is always admitted, because a budget smaller than one body would never admit any.
     * @param weight bytes that the body will hold
     * @return false when the bodies in progress leave too little
     */
    boolean take(long weight) {
        long before = held.getAndUpdate(now -> fits(now, weight) ? now + weight : now);
        boolean taken = fits(before, weight);
        if (!taken) {
            refused.increment();
        }
        return taken;
    }

    private boolean fits(long now, long weight) {
        return now == 0 || now + weight <= limit;
    }

    void giveBack(long weight) {
        held.addAndGet(-weight);
    }

    long held() {
        return held.get();
    }

    long limit() {
        return limit;
    }
}
