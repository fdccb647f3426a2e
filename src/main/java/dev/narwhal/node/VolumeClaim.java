package dev.narwhal.node;

import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DuplicateKeyException;

/**
 * Takes the ownership of a volume for a process that starts. No decision depends on a clock: an owner is alive when its
 * heartbeat counter moves.
 */
final class VolumeClaim {

    private static final Logger log = LoggerFactory.getLogger(VolumeClaim.class);

    /** Several heartbeat intervals, so that a slow owner is not taken for a dead one. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Duration PAUSE = Duration.ofMillis(200);

    private final VolumeRepository volumes;
    private final Duration patience;

    /** @param patience how long the owner's counter must stand still before the owner counts as dead */
    VolumeClaim(VolumeRepository volumes, Duration patience) {
        this.volumes = volumes;
        this.patience = patience;
    }

    /**
     * Takes the volume. At once when the volume is free, when its owner has released it, or when this process holds the very
     * lock that the owner held; otherwise after the owner's counter has stood still for the whole patience.
     *
     * @return the row as it is now
     * @throws VolumeInUseException when the counter moves
     */
    VolumeRow take(VolumeRow mine) {
        while (true) {
            Optional<VolumeRow> owner = volumes.find(mine.volume());
            if (owner.isPresent() && !isGone(owner.get(), mine)) {
                watch(owner.get());
            }
            Optional<VolumeRow> taken = owner.isEmpty() ? add(mine) : takeFrom(owner.get(), mine);
            if (taken.isPresent()) {
                return taken.get();
            }
        }
    }

    /** Only one process at a time holds a lock. */
    private static boolean isGone(VolumeRow owner, VolumeRow mine) {
        return !owner.held() || owner.lock().isSameAs(mine.lock());
    }

    private Optional<VolumeRow> add(VolumeRow mine) {
        try {
            return volumes.add(mine) ? Optional.of(mine) : Optional.empty();
        } catch (DuplicateKeyException e) {
            log.debug("volume.added-by-another volume={}", mine.volume(), e);
            return Optional.empty();
        }
    }

    private Optional<VolumeRow> takeFrom(VolumeRow owner, VolumeRow mine) {
        VolumeRow wanted = mine.withHeartbeat(owner.heartbeat() + 1);
        return volumes.take(owner, wanted) ? Optional.of(wanted) : Optional.empty();
    }

    private void watch(VolumeRow owner) {
        log.info(
                "volume.watched volume={} its owner (process {} on {}, incarnation {}) has not given it back: waiting {} for a"
                        + " sign of life",
                owner.volume(),
                owner.pid(),
                owner.nodeId(),
                owner.incarnation(),
                patience);
        long begun = System.nanoTime();
        while (System.nanoTime() - begun < patience.toNanos()) {
            pause();
            Optional<VolumeRow> now = volumes.find(owner.volume());
            if (now.isEmpty() || !now.get().held()) {
                return;
            }
            if (now.get().isMovedSince(owner)) {
                throw new VolumeInUseException(now.get());
            }
        }
        log.warn("volume.taken-over volume={} no sign of life from its owner in {}", owner.volume(), patience);
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while watching the volume's owner", e);
        }
    }
}
