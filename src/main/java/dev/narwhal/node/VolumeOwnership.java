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
 * This process's volume, on a database that processes share: taken at the start, kept by a heartbeat, given back at the stop.
 *
 * <p>When the row shows that another process has taken the volume (this one was paused or cut off for longer than others
 * wait), the volume is lost for good: it takes nothing any more, and the process ends. Until it notices, the
 * {@linkplain RowFence fence} keeps it from changing rows.
 */
public final class VolumeOwnership implements RowFence, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(VolumeOwnership.class);

    static final Duration INTERVAL = Duration.ofSeconds(2);

    private final VolumeRepository volumes;
    private final VolumeAtHand volume;
    private final OptionalLong incarnation;
    private final Runnable end;
    private final ScheduledExecutorService beats;

    /** Of the beating thread, and of whoever closes this when that has ended. */
    private VolumeRow known;

    private boolean answerLost;
    private volatile boolean lost;
    private volatile long beatenAt = System.nanoTime();

    private VolumeOwnership(VolumeRepository volumes, VolumeAtHand volume, VolumeRow taken, Runnable end) {
        this.volumes = volumes;
        this.volume = volume;
        this.known = taken;
        this.incarnation = OptionalLong.of(taken.incarnation());
        this.end = end;
        this.beats = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("volume-heartbeat").factory());
    }

    /**
     * @param taken the row by which the volume is this process's
     * @param interval between two heartbeats
     * @param end what ends the process; called once, when the volume was lost
     */
    static VolumeOwnership keep(
            VolumeRepository volumes, VolumeAtHand volume, VolumeRow taken, Duration interval, Runnable end) {
        VolumeOwnership kept = new VolumeOwnership(volumes, volume, taken, end);
        var unused = kept.beats.scheduleWithFixedDelay(
                kept::beat, interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
        return kept;
    }

    @Override
    public OptionalLong incarnation() {
        return incarnation;
    }

    /** Since the database has taken the last heartbeat. */
    Duration sinceLastBeat() {
        return Duration.ofNanos(System.nanoTime() - beatenAt);
    }

    boolean isLost() {
        return lost;
    }

    /** Never fails: what the executor is thrown ends its schedule. */
    void beat() {
        if (lost) {
            return;
        }
        try {
            if (volumes.beat(known)) {
                beaten(known.withHeartbeat(known.heartbeat() + 1));
            } else {
                look();
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

    private void look() {
        Optional<VolumeRow> now = volumes.find(volume.id());
        if (now.isEmpty() ? volumes.add(known) : isMine(now.get())) {
            beaten(now.orElse(known));
        } else {
            lose(now);
        }
    }

    /**
     * A beat whose answer was lost may have counted. And a database that has gone back, to a replica that was behind, shows an
     * earlier beat: nobody else has moved that.
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
     * Gives the volume back, so that whoever comes next need not wait. Never fails, and does not ask a database that did not
     * answer a moment ago: the stop would wait for it.
     */
    @Override
    public void close() {
        beats.shutdown();
        try {
            boolean answered = beats.awaitTermination(1, TimeUnit.SECONDS) && !answerLost;
            if (!lost && answered) {
                volumes.release(known);
            } else if (!lost) {
                notGivenBack("the database is away");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            notGivenBack(e.toString());
        }
    }

    private void notGivenBack(String why) {
        log.warn("volume.not-given-back volume={} the next process may have to wait: {}", volume.id(), why);
    }
}
