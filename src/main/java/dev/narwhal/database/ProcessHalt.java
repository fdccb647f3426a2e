package dev.narwhal.database;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Halts the process when the committer's thread has died. No change could be committed any more, and nobody would notice; after
 * the halt a supervisor restarts the server.
 */
final class ProcessHalt {

    private static final Logger log = LoggerFactory.getLogger(ProcessHalt.class);

    /** sysexits.h: an internal error. */
    private static final int STATUS = 70;

    private ProcessHalt() {}

    /**
     * Halts at once, like a kill. An orderly stop would never end, because callers wait for the committer. Every acknowledged
     * change is durable.
     */
    static void because(Throwable reason) {
        try {
            log.error(
                    "database.committer-ended No change can be committed any more; the process stops, and loses"
                            + " nothing that was acknowledged",
                    reason);
        } finally {
            Runtime.getRuntime().halt(STATUS);
        }
    }
}
