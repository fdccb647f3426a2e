package dev.narwhal.node;

import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The volume of a server with the embedded database. A copy of the data directory contains both the database and the volume, so
 * the copy is an independent server, and no shared database could tell the two apart. This class only warns of a copy.
 */
final class EmbeddedVolume {

    private static final Logger log = LoggerFactory.getLogger(EmbeddedVolume.class);

    private EmbeddedVolume() {}

    /** Costs a start one statement; the first start, and the first one after a boot, cost more. */
    static void remember(VolumeRepository volumes, VolumeRow mine) {
        Optional<VolumeRow> before = volumes.find(mine.volume());
        if (before.isEmpty()) {
            boolean unused = volumes.add(mine);
            return;
        }
        if (mine.lock().isOnAnotherFileThan(before.get().lock())) {
            log.warn(
                    "volume.copied volume={} this data directory was copied, moved or restored since it was used last. A copy has"
                            + " a database of its own and is a server of its own: what was unfinished or undelivered then is now"
                            + " both servers', and both deliver it",
                    mine.volume());
        }
        if (!mine.lock().equals(before.get().lock())) {
            boolean unused =
                    volumes.take(before.get(), mine.withHeartbeat(before.get().heartbeat() + 1));
        }
    }
}
