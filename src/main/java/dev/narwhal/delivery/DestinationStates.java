package dev.narwhal.delivery;

import dev.narwhal.destination.Destinations;
import dev.narwhal.upload.UploadId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which destinations take nothing at the moment. After a failure that is nobody's upload's (credentials, a missing bucket, a
 * skewed clock) a destination is paused as a whole: its deliveries wait, and every now and then one of them is let through
 * to see whether it works again.
 *
 * <p>One upload alone may be refused as if nothing could go there: its key, its directory. So another upload, which has not
 * been refused, is heard at once before the others wait. An upload that is refused although others were taken since is charged
 * itself and pauses nothing, unless several such uploads are refused in a row and none is taken.
 *
 * <p>Known to this process only: after a restart the first deliveries find out anew. Safe for any number of threads.
 */
public final class DestinationStates {

    private static final Logger log = LoggerFactory.getLogger(DestinationStates.class);

    private final Destinations destinations;
    private final Backoff probes;
    private final Clock clock;
    private final Map<String, DestinationEvidence> known = new HashMap<>();

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
        return Optional.ofNullable(of(name).pause);
    }

    private DestinationEvidence of(String name) {
        return known.computeIfAbsent(name, unused -> new DestinationEvidence());
    }

    /** Empty for a delivery that may go; else when it should ask again. The first to ask when a probe is due is the probe. */
    synchronized Optional<Instant> holdUntil(String name, UploadId id) {
        DestinationEvidence evidence = of(name);
        Pause pause = evidence.pause;
        if (pause == null) {
            return Optional.empty();
        }
        Duration interval = probes.after(pause.failures());
        if (clock.instant().isBefore(pause.nextProbe()) && !evidence.isSecondOpinion(id)) {
            // Not all at once, and after the probe, which wakes them when it comes through.
            return Optional.of(
                    id.equals(evidence.expected)
                            ? pause.nextProbe()
                            : pause.nextProbe().plus(interval));
        }
        evidence.heard = true;
        evidence.pause = new Pause(
                pause.since(), pause.reason(), pause.failures(), clock.instant().plus(interval));
        return Optional.empty();
    }

    /** This one is to be the next probe, if it comes in time. */
    synchronized void expect(String name, UploadId id) {
        of(name).expected = id;
    }

    /**
     * A delivery has failed for a reason that looks like the destination's.
     *
     * @param begun when it began: those that were under way already when the pause began are no probes
     * @param least how long the destination asks to be left alone
     * @return when the delivery may try again; empty when it is the upload's own failure, since others were taken meanwhile
     */
    synchronized Optional<Instant> refused(String name, UploadId id, String reason, Instant begun, Duration least) {
        DestinationEvidence evidence = of(name);
        Pause before = evidence.pause;
        if (before == null && evidence.charges(id)) {
            return Optional.empty();
        }
        evidence.refused.add(id);
        if (before != null && begun.isBefore(before.since())) {
            return Optional.of(before.nextProbe());
        }
        int failures = before == null ? 1 : before.failures() + 1;
        Duration interval = probes.after(failures);
        Instant next = clock.instant().plus(interval.compareTo(least) < 0 ? least : interval);
        evidence.pause = new Pause(before == null ? clock.instant() : before.since(), reason, failures, next);
        if (before == null) {
            log.warn("destination.paused destination={} refused={} next-probe={} {}", name, id, next, reason);
        } else {
            log.warn(
                    "destination.still-paused destination={} refused={} since={} next-probe={} {}",
                    name,
                    id,
                    before.since(),
                    next,
                    reason);
        }
        return Optional.of(next);
    }

    /**
     * The destination has taken an upload, or has at least looked at it.
     *
     * @return empty when it was not paused; else those who wait should be woken, but not the uploads that are returned, each
     *     of which waits because of its own failures
     */
    synchronized Optional<Set<UploadId>> worked(String name, UploadId id) {
        DestinationEvidence evidence = of(name);
        Pause before = evidence.pause;
        evidence.worked(id);
        if (before == null) {
            return Optional.empty();
        }
        log.info("destination.resumed destination={} paused-since={}", name, before.since());
        return Optional.of(Set.copyOf(evidence.charged));
    }
}
