package dev.narwhal.api.server;

import dev.narwhal.delivery.DestinationControl;
import dev.narwhal.delivery.DestinationStates;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A destination of finished files.
 *
 * @param description its type and place, without secrets
 * @param state whether deliveries go there at present
 * @param reason why it is paused
 * @param pausedSince when the pause began
 * @param failures how many deliveries have failed since because of the destination
 * @param nextProbe when a delivery tries again
 * @param waiting deliveries that are neither done nor given up, some seconds ago; null while the database does not answer
 * @param failed deliveries that were given up, likewise
 */
public record DestinationView(
        String name,
        String description,
        State state,
        @Nullable String reason,
        @Nullable Instant pausedSince,
        @Nullable Integer failures,
        @Nullable Instant nextProbe,
        @Nullable Long waiting,
        @Nullable Long failed) {

    /** Whether deliveries go to a destination. */
    public enum State {
        ACTIVE,
        PAUSED
    }

    static DestinationView of(DestinationControl.Overview overview) {
        DestinationStates.State state = overview.state();
        DestinationStates.Pause pause = state.pause();
        return new DestinationView(
                state.name(),
                state.description(),
                pause == null ? State.ACTIVE : State.PAUSED,
                pause == null ? null : pause.reason(),
                pause == null ? null : pause.since(),
                pause == null ? null : (Integer) pause.failures(),
                pause == null ? null : pause.nextProbe(),
                overview.waiting(),
                overview.failed());
    }
}
