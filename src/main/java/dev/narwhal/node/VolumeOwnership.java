package dev.narwhal.node;

import dev.narwhal.upload.RowFence;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This process's ownership of its volume, on a database that several processes share. The process takes the volume at the
 * start, keeps it by a heartbeat, and releases it at the stop.
 *
 * <p>Another process takes the volume when this one was suspended or disconnected for longer than others wait. Once this
 * process sees that in the row, it has lost the volume for good: it refuses new work and ends. Until then the {@linkplain
 * RowFence fence} keeps it from changing rows.
 */
public final class VolumeOwnership implements RowFence, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(VolumeOwnership.class);

    static final Duration INTERVAL = Duration.ofSeconds(2);

    private final VolumeRepository volumes;
    private final LocalVolume volume;
    private final OptionalLong incarnation;
    private final Runnable end;
    private final ScheduledExecutorService beats;

    /** Only the heartbeat thread uses it, and {@link #close} after that thread has ended. */
    private VolumeRow known;

    private boolean answerLost;
    private volatile boolean lost;
    private volatile long beatenAt = System.nanoTime();

    private VolumeOwnership(VolumeRepository volumes, LocalVolume volume, VolumeRow taken, Runnable end) {
        this.volumes = volumes;
        this.volume = volume;
        this.known = taken;
        this.incarnation = OptionalLong.of(taken.incarnation());
        this.end = end;
        this.beats = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("volume-heartbeat").factory());
    }

    /**
     * @param taken the row that makes this process the owner
     * @param interval between two heartbeats
     * @param end ends the process; called once, when the volume was lost
     */
    static VolumeOwnership keep(
            VolumeRepository volumes, LocalVolume volume, VolumeRow taken, Duration interval, Runnable end) {
        VolumeOwnership kept = new VolumeOwnership(volumes, volume, taken, end);
        var unused = kept.beats.scheduleWithFixedDelay(
                kept::beat, interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
        return kept;
    }

    @Override
    public OptionalLong incarnation() {
        return incarnation;
    }

    /** The time since the database has recorded the last heartbeat. */
    Duration sinceLastBeat() {
        return Duration.ofNanos(System.nanoTime() - beatenAt);
    }

    boolean isLost() {
        return lost;
    }

    /** Never throws: an exception would end the executor's schedule. */
    void beat() {
        if (lost) {
            return;
        }
        try {
            if (volumes.beat(known)) {
                beaten(known.withHeartbeat(known.heartbeat() + 1));
            } else {
                checkRow();
            }
        } catch (RuntimeException | Error e) {
            answerLost = true;
            log.warn("volume.heartbeat-missed volume={} it is tried again: {}", volume.id(), e.toString());
        }
    }

    private void beaten(VolumeRow now) {
        known = now;
        answerLost = false;
        beatenAt = System.nanoTime();
    }

    private void checkRow() {
        Optional<VolumeRow> now = volumes.find(volume.id());
        if (now.isEmpty() ? volumes.add(known) : isMine(now.get())) {
            beaten(now.orElse(known));
        } else {
            lose(now);
        }
    }

    /**
     * A heartbeat whose answer was lost may have been recorded. A database that has failed over to a lagging replica shows an
     * earlier heartbeat, but no other owner.
     */
    private boolean isMine(VolumeRow now) {
        long ahead = now.heartbeat() - known.heartbeat();
        return now.held() && now.incarnation() == known.incarnation() && ahead <= (answerLost ? 1 : 0);
    }

    private void lose(Optional<VolumeRow> now) {
        lost = true;
        volume.lose();
        log.error(
                "volume.lost volume={} another process has taken it{}: this one was taken for dead. It takes nothing any more,"
                        + " and ends",
                volume.id(),
                now.map(owner -> " (process " + owner.pid() + " on " + owner.nodeId() + ", incarnation "
                                + owner.incarnation() + ")")
                        .orElse(""));
        end.run();
    }

    /**
     * Releases the volume, so that the next process need not wait. Never fails. Skips the statement when the database did not
     * answer the last heartbeat, since the stop would wait for it.
     */
    @Override
    public void close() {
        beats.shutdown();
        try {
            boolean answered = beats.awaitTermination(1, TimeUnit.SECONDS) && !answerLost;
            if (!lost && answered) {
                volumes.release(known);
            } else if (!lost) {
                warnNotReleased("the database is away");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            warnNotReleased(e.toString());
        }
    }

    private void warnNotReleased(String why) {
        log.warn("volume.not-given-back volume={} the next process may have to wait: {}", volume.id(), why);
    }
}
