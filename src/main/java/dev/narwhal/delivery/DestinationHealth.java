package dev.narwhal.delivery;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

/**
 * Which destinations take nothing at the moment. No part of readiness: uploads are received, and kept until they can be
 * delivered.
 */
final class DestinationHealth extends AbstractHealthIndicator {

    private static final Status DEGRADED = new Status("DEGRADED");

    private final DestinationStates states;

    DestinationHealth(DestinationStates states) {
        this.states = states;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        builder.up();
        for (DestinationStates.State state : states.all()) {
            if (state.pause() != null) {
                builder.status(DEGRADED);
            }
            builder.withDetail(state.name(), detail(state));
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
