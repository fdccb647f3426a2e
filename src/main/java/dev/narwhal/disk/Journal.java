package dev.narwhal.disk;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Whether a file system still keeps what it says it has synced.
 *
 * <p>ext4 gives up its journal when it finds itself damaged. A sync that is under way in that moment, or comes within some tens
 * of milliseconds after it, may be answered with success although the file's new length went with the journal's last
 * transaction: seen with Linux 6.18, in one of four tries under load. So whoever is about to say that something is durable
 * asks here, after the sync.
 */
@FunctionalInterface
public interface Journal {

    /** Of a file system that need not be asked. */
    Journal NONE = () -> {};

    /**
     * Returns at once as a rule, and hangs as long as the disk does.
     *
     * @throws IOException when nothing can be changed there any more: what was synced just now may be lost
     */
    void requireAlive() throws IOException;

    /**
     * Of the file system that holds {@code directory}, which is there and may be changed. Asking is a no-op where that needs
     * no asking, or is not possible: it is never the reason for which a server does not start.
     */
    static Journal of(Path directory) {
        return Ext4Journal.isAt(directory) ? Ext4Journal.marking(directory) : NONE;
    }
}
