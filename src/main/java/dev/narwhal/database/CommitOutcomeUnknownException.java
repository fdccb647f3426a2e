package dev.narwhal.database;

import org.springframework.dao.DataAccessResourceFailureException;

/**
 * A commit, or the sync that makes it durable, failed or was cut off: the changes may be in the database or not. Nobody may
 * blindly repeat them; a caller that needs the outcome reads the row again.
 */
public class CommitOutcomeUnknownException extends DataAccessResourceFailureException {

    public CommitOutcomeUnknownException(Throwable cause) {
        super("Whether the last changes are committed is unknown: " + cause.getMessage(), cause);
    }
}
