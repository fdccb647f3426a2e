package dev.narwhal.node;

import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The volume where the database is a file beside it. Whoever copies the one copies the other: the copy is a server of its
 * own, and nobody is there to ask. It is only told of.
 */
final class EmbeddedVolume {

    private static final Logger log = LoggerFactory.getLogger(EmbeddedVolume.class);

    private EmbeddedVolume() {}

    /** Costs a start one statement, but for the first and those after a boot. */
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
