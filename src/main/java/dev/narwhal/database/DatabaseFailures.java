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

/** Says what an exception of the database means: is it away, or is the request at fault. The one place that decides. */
public final class DatabaseFailures {

    /** Enough for any chain of wrapped exceptions; a chain may be a ring. */
    private static final int DEEPEST_CAUSE = 20;

    /**
     * PostgreSQL: shut down by an administrator, crashed, starting; another primary has taken over and this one is read-only
     * now. H2: closed, closed by the shutdown of the JVM, connection broken, reading or writing the file failed.
     */
    private static final Set<String> AWAY =
            Set.of("57P01", "57P02", "57P03", "25006", "90098", "90121", "90067", "90028", "90031");

    /**
     * H2's "general error", which is what a statement ends with when the file could not be written just now or a moment ago. The
     * connection must not be used again, not even to roll back: it may never return from that (tried).
     */
    private static final String H2_GENERAL_ERROR = "HY000";

    /** Is thrown by H2's storage; H2 is not needed to compile this. */
    private static final String H2_STORE_FAILURE = "org.h2.mvstore.MVStoreException";

    /** What the pool says, without a state, of a connection that it gave up when an earlier statement failed. */
    private static final String GIVEN_UP = "Connection is closed";

    /** "Connection exception" of the SQL standard: could not connect, or the connection has died. */
    private static final String CONNECTION_EXCEPTION = "08";

    /** PostgreSQL's "insufficient resources": too many connections, disk full, out of memory. */
    private static final String INSUFFICIENT_RESOURCES = "53";

    /** PostgreSQL: a lock was not free within {@code lock_timeout}. */
    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private DatabaseFailures() {}

    /**
     * True when the same request can succeed later without being changed: there is no connection, or it died, the database
     * is closed, shutting down, starting or short of something, the pool had nothing in time, a lock was not free in time,
     * or a commit was cut off. False for everything that would fail again.
     */
    public static boolean isUnavailable(Throwable failure) {
        return isAway(failure)
                || anyCause(
                        failure,
                        cause -> cause instanceof TransientDataAccessException
                                || cause instanceof CommitOutcomeUnknownException
                                || hasState(cause, DatabaseFailures::isShortOfSomething));
    }

    private static boolean isShortOfSomething(String state) {
        return state.startsWith(INSUFFICIENT_RESOURCES) || state.equals(LOCK_NOT_AVAILABLE);
    }

    /** True when the database cannot be reached, or the connection that failed will never work again. */
    static boolean isAway(Throwable failure) {
        return anyCause(
                failure,
                cause -> cause instanceof CannotGetJdbcConnectionException
                        || cause instanceof CannotCreateTransactionException
                        || cause instanceof SQLTransientConnectionException
                        || cause instanceof SQLNonTransientConnectionException
                        || cause instanceof SQLRecoverableException
                        || hasState(cause, DatabaseFailures::isAwayState)
                        || isGivenUp(cause)
                        || isH2sFile(cause));
    }

    /** Whoever hides the first failure of a transaction, as the scheduler's insert does, shows this one. */
    private static boolean isGivenUp(Throwable failure) {
        return failure instanceof SQLException sql && sql.getSQLState() == null && GIVEN_UP.equals(sql.getMessage());
    }

    private static boolean isH2sFile(Throwable failure) {
        return hasState(failure, H2_GENERAL_ERROR::equals)
                && anyCause(failure, cause -> cause.getClass().getName().equals(H2_STORE_FAILURE));
    }

    private static boolean isAwayState(String state) {
        return AWAY.contains(state) || state.startsWith(CONNECTION_EXCEPTION);
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
                .limit(DEEPEST_CAUSE)
                .filter(Objects::nonNull)
                .anyMatch(test);
    }
}
