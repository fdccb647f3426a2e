package dev.narwhal.disk;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Checks whether a file system's last sync can be trusted.
 *
 * <p>ext4 abandons its journal when it finds itself damaged. A sync at that moment, or some tens of milliseconds later,
 * may report success although the file's new length is lost with the journal's last transaction (seen with Linux 6.18,
 * in one of four tries under load). So code that reports bytes as durable calls this after the sync.
 */
@FunctionalInterface
public interface Journal {

    /** For a file system that needs no check. */
    Journal NONE = () -> {};

    /**
     * Usually returns at once; hangs as long as the disk does.
     * @throws IOException when the file system accepts no more changes: the bytes just synced may be lost
     */
    void requireAlive() throws IOException;

    /**
     * The check for the file system of {@code directory}, which must exist and be writable. It is a no-op where the
     * file system needs no check or allows none; a missing check never stops a start.
     */
    static Journal of(Path directory) {
        return Ext4Journal.isAt(directory) ? Ext4Journal.marking(directory) : NONE;
    }
}
