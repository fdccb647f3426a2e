package dev.narwhal.access.limits;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts refusals, and logs each kind of them at most once a minute. */
final class LimitMetrics {

    private static final Logger log = LoggerFactory.getLogger(LimitMetrics.class);
    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

    private final MeterRegistry registry;
    private final Map<String, Long> loggedAt = new ConcurrentHashMap<>();

    LimitMetrics(MeterRegistry registry) {
        this.registry = registry;
        for (Scope scope : Scope.values()) {
            for (Limit limit : Limit.values()) {
                Counter unused = counter(scope.label(), limit.label());
            }
        }
    }

    private Counter counter(String scope, String limit) {
        return Counter.builder("narwhal.limits.refused")
                .description("Requests that a limit has refused")
                .tag("scope", scope)
                .tag("limit", limit)
                .register(registry);
    }

    void refused(String owner, LimitReachedException refusal) {
        String scope = refusal.scope().label();
        String limit = refusal.limit().label();
        counter(scope, limit).increment();
        long now = System.nanoTime();
        String kind = scope + ' ' + limit;
        Long before = loggedAt.get(kind);
        if (before == null || now - before > MINUTE) {
            loggedAt.put(kind, now);
            log.info("limits.reached scope={} limit={} owner=\"{}\"", scope, limit, owner);
        }
    }
}
