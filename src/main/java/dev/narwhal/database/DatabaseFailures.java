package dev.narwhal.database;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.transaction.CannotCreateTransactionException;

/**
 * Classifies the exceptions of the database: either it is unreachable, or the request is at fault. No other class decides this.
 */
public final class DatabaseFailures {

    /** Enough for any chain of wrapped exceptions. A limit is needed because a chain may contain a cycle. */
    private static final int MAX_CAUSES = 20;

    /**
     * PostgreSQL: shut down by an administrator, crashed, starting, or read-only since another primary has taken over. H2:
     * closed, closed by the shutdown of the JVM, connection broken, reading or writing the file failed.
     */
    private static final Set<String> UNREACHABLE =
            Set.of("57P01", "57P02", "57P03", "25006", "90098", "90121", "90067", "90028", "90031");

    /**
     * H2's "general error": a statement ends with it when H2 has failed to write the file, now or a moment ago. The connection
     * must not be used again, not even for a rollback: the rollback may never return (tried).
     */
    private static final String H2_GENERAL_ERROR = "HY000";

    /** The exception of H2's storage engine, by name: this class compiles without H2. */
    private static final String H2_STORE_FAILURE = "org.h2.mvstore.MVStoreException";

    /** The message of the pool, without an SQL state, about a connection that it has evicted after an earlier failure. */
    private static final String EVICTED = "Connection is closed";

    /** "Connection exception" of the SQL standard: could not connect, or the connection has died. */
    private static final String CONNECTION_EXCEPTION = "08";

    /** PostgreSQL's "insufficient resources": too many connections, disk full, out of memory. */
    private static final String INSUFFICIENT_RESOURCES = "53";

    /** PostgreSQL: a lock was not free within {@code lock_timeout}. */
    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private DatabaseFailures() {}

    /**
     * True when the same request can succeed later unchanged. Either there is no connection or it has died; or the database is
     * closed, shutting down, starting or short of a resource; or the pool had no connection in time, a lock was not free in
     * time, or a commit was cut off. False for every failure that would happen again.
     */
    public static boolean isUnavailable(Throwable failure) {
        return isUnreachable(failure)
                || anyCause(
                        failure,
                        cause -> cause instanceof TransientDataAccessException
                                || cause instanceof CommitOutcomeUnknownException
                                || hasState(cause, DatabaseFailures::isOutOfResources));
    }

    private static boolean isOutOfResources(String state) {
        return state.startsWith(INSUFFICIENT_RESOURCES) || state.equals(LOCK_NOT_AVAILABLE);
    }

    /** True when the database is unreachable, or the failed connection will never work again. */
    static boolean isUnreachable(Throwable failure) {
        return anyCause(
                failure,
                cause -> cause instanceof CannotGetJdbcConnectionException
                        || cause instanceof CannotCreateTransactionException
                        || cause instanceof SQLTransientConnectionException
                        || cause instanceof SQLNonTransientConnectionException
                        || cause instanceof SQLRecoverableException
                        || hasState(cause, DatabaseFailures::isUnreachableState)
                        || isEvicted(cause)
                        || isH2FileFailure(cause));
    }

    /** Some callers hide the first failure of a transaction, such as the scheduler's insert. They show this failure instead. */
    private static boolean isEvicted(Throwable failure) {
        return failure instanceof SQLException sql && sql.getSQLState() == null && EVICTED.equals(sql.getMessage());
    }

    private static boolean isH2FileFailure(Throwable failure) {
        return hasState(failure, H2_GENERAL_ERROR::equals)
                && anyCause(failure, cause -> cause.getClass().getName().equals(H2_STORE_FAILURE));
    }

    private static boolean isUnreachableState(String state) {
        return UNREACHABLE.contains(state) || state.startsWith(CONNECTION_EXCEPTION);
    }

    private static boolean hasState(Throwable cause, Predicate<String> test) {
        if (!(cause instanceof SQLException sql)) {
            return false;
        }
        @Nullable String state = sql.getSQLState();
        return state != null && test.test(state);
    }

    private static boolean anyCause(Throwable failure, Predicate<Throwable> test) {
        return Stream.<@Nullable Throwable>iterate(failure, cause -> cause == null ? null : cause.getCause())
                .takeWhile(Objects::nonNull)
                .limit(MAX_CAUSES)
                .filter(Objects::nonNull)
                .anyMatch(test);
    }
}
