package dev.narwhal.delivery;

import dev.narwhal.destination.Destinations;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which destinations take nothing at the moment. After a failure that is nobody's upload's (credentials, a missing bucket, a
 * skewed clock) a destination is paused as a whole: its deliveries wait, and every now and then one of them is let through
 * to see whether it works again. Known to this process only: after a restart the first delivery finds out anew.
 *
 * <p>Safe for any number of threads.
 */
public final class DestinationStates {

    private static final Logger log = LoggerFactory.getLogger(DestinationStates.class);

    private final Destinations destinations;
    private final Backoff probes;
    private final Clock clock;
    private final Map<String, Pause> paused = new HashMap<>();

    /** @param probes how long until the next delivery is let through, by the number of those that failed */
    DestinationStates(Destinations destinations, Backoff probes, Clock clock) {
        this.destinations = destinations;
        this.probes = probes;
        this.clock = clock;
    }

    /**
     * A destination that takes nothing.
     *
     * @param since when that was noticed
     * @param reason a sentence for an operator, without secrets
     * @param failures how many deliveries have shown it, from 1
     * @param nextProbe when the next delivery is let through
     */
    public record Pause(Instant since, String reason, int failures, Instant nextProbe) {}

    /**
     * A destination as it is now.
     *
     * @param description for people, without secrets
     * @param pause null while it takes what comes
     */
    public record State(
            String name, String description, @Nullable Pause pause) {}

    /** All that the settings name, in alphabetical order. */
    public List<State> all() {
        return destinations.names().stream()
                .map(name -> new State(
                        name,
                        destinations.find(name).orElseThrow().describe(),
                        pauseOf(name).orElse(null)))
                .toList();
    }

    /** Empty while it takes what comes. */
    public synchronized Optional<Pause> pauseOf(String name) {
        return Optional.ofNullable(paused.get(name));
    }

    /** Empty for a delivery that may go; else when it should ask again. The first to ask when a probe is due is the probe. */
    synchronized Optional<Instant> holdUntil(String name) {
        Pause pause = paused.get(name);
        if (pause == null) {
            return Optional.empty();
        }
        Duration interval = probes.after(pause.failures());
        if (clock.instant().isBefore(pause.nextProbe())) {
            // Not all at once, and after the probe, which wakes them when it comes through.
            return Optional.of(pause.nextProbe().plus(interval));
        }
        paused.put(
                name,
                new Pause(
                        pause.since(),
                        pause.reason(),
                        pause.failures(),
                        clock.instant().plus(interval)));
        return Optional.empty();
    }

    /**
     * A delivery has failed for a reason that is the destination's.
     *
     * @param begun when it began: those that were under way already when the pause began are no probes
     * @param least how long the destination asks to be left alone
     * @return when the delivery may try again
     */
    synchronized Instant failed(String name, String reason, Instant begun, Duration least) {
        Pause before = paused.get(name);
        if (before != null && begun.isBefore(before.since())) {
            return before.nextProbe();
        }
        int failures = before == null ? 1 : before.failures() + 1;
        Duration interval = probes.after(failures);
        Instant next = clock.instant().plus(interval.compareTo(least) < 0 ? least : interval);
        paused.put(name, new Pause(before == null ? clock.instant() : before.since(), reason, failures, next));
        if (before == null) {
            log.warn("destination.paused destination={} next-probe={} {}", name, next, reason);
        } else {
            log.warn(
                    "destination.still-paused destination={} since={} next-probe={} {}",
                    name,
                    before.since(),
                    next,
                    reason);
        }
        return next;
    }

    /** @return true when it was paused until now: those who wait should be woken */
    synchronized boolean worked(String name) {
        Pause before = paused.remove(name);
        if (before != null) {
            log.info("destination.resumed destination={} paused-since={}", name, before.since());
        }
        return before != null;
    }
}
