package dev.narwhal.database;

import org.springframework.dao.DataAccessResourceFailureException;

/**
 * A commit, or the sync that makes it durable, failed or was cut off: the changes may be there or not. Nothing is repeated
 * blindly; whoever needs to know reads the row again.
 */
public class CommitOutcomeUnknownException extends DataAccessResourceFailureException {

    public CommitOutcomeUnknownException(Throwable cause) {
        super("Whether the last changes are committed is unknown: " + cause.getMessage(), cause);
    }
}
