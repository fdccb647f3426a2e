package dev.narwhal.delivery;

import dev.narwhal.upload.UploadId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What an operator sees and does about destinations. Safe for any number of threads. */
public final class DestinationControl {

    private final DestinationStates states;
    private final DeliveryBacklog backlog;
    private final DeliverySchedule schedule;

    DestinationControl(DestinationStates states, DeliveryBacklog backlog, DeliverySchedule schedule) {
        this.states = states;
        this.backlog = backlog;
        this.schedule = schedule;
    }

    /**
     * A destination with its deliveries.
     *
     * @param state as this process sees it
     * @param waiting deliveries of all processes on the database that are neither done nor given up, some seconds ago; null while
     *     the database does not answer
     * @param failed deliveries that were given up, likewise
     */
    public record Overview(
            DestinationStates.State state,
            @Nullable Long waiting,
            @Nullable Long failed) {}

    /** All destinations in the settings, in alphabetical order. One statement at most, and none for some seconds after it. */
    public List<Overview> all() {
        return states.all().stream()
                .map(state -> new Overview(
                        state, number(backlog.pending(state.name())), number(backlog.failed(state.name()))))
                .toList();
    }

    private static @Nullable Long number(double count) {
        return Double.isNaN(count) ? null : (Long) (long) count;
    }

    public Optional<Overview> find(String name) {
        return all().stream().filter(one -> one.state().name().equals(name)).findFirst();
    }

    /**
     * Ends the destination's pause in this process, and has the deliveries run that wait for it. If the destination still refuses
     * them, it is paused again. One statement, whatever their number.
     *
     * @return false when the destination is not paused, or there is none of that name
     */
    public boolean resume(String name) {
        if (find(name).isEmpty()) {
            return false;
        }
        Optional<Set<UploadId>> charged = states.resume(name);
        charged.ifPresent(but -> schedule.runWaiting(name, but));
        return charged.isPresent();
    }
}
