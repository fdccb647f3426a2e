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
 * Pauses destinations that accept no uploads. A failure may have a cause in the destination (credentials, a missing bucket, a
 * skewed clock). The destination is then paused as a whole: its deliveries wait, and from time to time one of them is let
 * through as a probe.
 *
 * <p>A destination may refuse a single upload with the same error, because of its key or directory. So before the others wait,
 * one other upload that was not refused is let through at once. An upload that is refused although others were accepted since
 * is charged itself and pauses nothing, unless several such uploads are refused in a row and none is accepted.
 *
 * <p>This state exists in memory only: after a restart the first deliveries find it out anew. Safe for any number of threads.
 */
public final class DestinationStates {

    private static final Logger log = LoggerFactory.getLogger(DestinationStates.class);

    private final Destinations destinations;
    private final Backoff probes;
    private final Clock clock;
    private final Map<String, DestinationEvidence> known = new HashMap<>();

    /** @param probes the pause before the next probe, by the number of failures */
    DestinationStates(Destinations destinations, Backoff probes, Clock clock) {
        this.destinations = destinations;
        this.probes = probes;
        this.clock = clock;
    }

    /**
     * The pause of a destination.
     *
     * @param since when it began
     * @param reason a sentence for an operator, without secrets
     * @param failures how many deliveries have failed because of the destination, from 1
     * @param nextProbe when the next delivery is let through
     */
    public record Pause(Instant since, String reason, int failures, Instant nextProbe) {}

    /**
     * A destination and its pause.
     *
     * @param description for an operator, without secrets
     * @param pause null while the destination accepts uploads
     */
    public record State(
            String name, String description, @Nullable Pause pause) {}

    /** All destinations in the settings, in alphabetical order. */
    public List<State> all() {
        return destinations.names().stream()
                .map(name -> new State(
                        name,
                        destinations.find(name).orElseThrow().describe(),
                        pauseOf(name).orElse(null)))
                .toList();
    }

    /** Empty while the destination accepts uploads. */
    public synchronized Optional<Pause> pauseOf(String name) {
        return Optional.ofNullable(of(name).pause);
    }

    private DestinationEvidence of(String name) {
        return known.computeIfAbsent(name, unused -> new DestinationEvidence());
    }

    /**
     * Empty when the delivery may go ahead; otherwise when it should ask again. The first delivery to ask when a probe is due
     * becomes the probe.
     */
    synchronized Optional<Instant> holdUntil(String name, UploadId id) {
        DestinationEvidence evidence = of(name);
        Pause pause = evidence.pause;
        if (pause == null) {
            return Optional.empty();
        }
        Duration interval = probes.after(pause.failures());
        if (clock.instant().isBefore(pause.nextProbe()) && !evidence.isSecondOpinion(id)) {
            // Only the expected probe runs at the probe's time. The others wait one interval longer; a successful
            // probe runs them at once.
            return Optional.of(
                    id.equals(evidence.expectedProbe)
                            ? pause.nextProbe()
                            : pause.nextProbe().plus(interval));
        }
        evidence.secondOpinionAsked = true;
        evidence.pause = new Pause(
                pause.since(), pause.reason(), pause.failures(), clock.instant().plus(interval));
        return Optional.empty();
    }

    /** Makes this upload the next probe, if it asks in time. */
    synchronized void expectProbe(String name, UploadId id) {
        of(name).expectedProbe = id;
    }

    /**
     * A delivery has failed for a reason that looks like the destination's.
     *
     * @param begun when the attempt began; an attempt that began before the pause is no probe
     * @param least how long the destination asks not to be called
     * @return when the delivery may try again; empty when the failure is charged to the upload, since others were accepted
     *     meanwhile
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
     * The destination has accepted an upload, or has at least examined it.
     *
     * @return empty when the destination was not paused; otherwise the waiting deliveries should be run, except those of the
     *     returned uploads, which wait because of their own failures
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

    /**
     * An operator has mended the destination: it is treated as if it had accepted an upload.
     *
     * @return as {@link #worked}
     */
    synchronized Optional<Set<UploadId>> resume(String name) {
        DestinationEvidence evidence = of(name);
        Pause before = evidence.pause;
        if (before == null) {
            return Optional.empty();
        }
        evidence.resumed();
        log.info("destination.resumed-by-hand destination={} paused-since={}", name, before.since());
        return Optional.of(Set.copyOf(evidence.charged));
    }
}
