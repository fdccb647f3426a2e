package dev.narwhal.database;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Without a committer no change would be answered any more, and nobody would know: a supervisor starts the server anew. */
final class EndOfProcess {

    private static final Logger log = LoggerFactory.getLogger(EndOfProcess.class);

    /** sysexits.h: an internal error. */
    private static final int STATUS = 70;

    private EndOfProcess() {}

    /** At once, as a kill: whoever waits for the committer would keep an orderly stop from ending, and what was acknowledged is durable. */
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
