package dev.narwhal.delivery;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

/**
 * Reports the paused destinations and the deliveries that were given up: both need an operator. Not part of readiness: the
 * server still receives uploads, and keeps them until they can be delivered.
 */
final class DestinationHealth extends AbstractHealthIndicator {

    private static final Status DEGRADED = new Status("DEGRADED");

    private final DestinationStates states;
    private final ToDoubleFunction<String> failed;

    /** @param failed deliveries to a destination that were given up; NaN while unknown */
    DestinationHealth(DestinationStates states, ToDoubleFunction<String> failed) {
        this.states = states;
        this.failed = failed;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        builder.up();
        for (DestinationStates.State state : states.all()) {
            double givenUp = failed.applyAsDouble(state.name());
            if (state.pause() != null || givenUp > 0) {
                builder.status(DEGRADED);
            }
            Map<String, Object> detail = detail(state);
            if (givenUp > 0) {
                detail.put("failedDeliveries", (long) givenUp);
            }
            builder.withDetail(state.name(), detail);
        }
    }

    private static Map<String, Object> detail(DestinationStates.State state) {
        Map<String, Object> detail = new LinkedHashMap<>();
        detail.put("description", state.description());
        DestinationStates.Pause pause = state.pause();
        if (pause != null) {
            detail.put("pausedSince", text(pause.since()));
            detail.put("nextProbe", text(pause.nextProbe()));
            detail.put("reason", pause.reason());
        }
        return detail;
    }

    private static String text(Instant time) {
        return time.toString();
    }
}
