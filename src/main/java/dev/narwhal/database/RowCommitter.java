package dev.narwhal.database;

import java.time.Duration;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * Makes changes of rows durable. Every change that an acknowledgement depends on is committed through this interface.
 *
 * <p>H2 writes a commit but does not sync it, PostgreSQL does both; this interface hides the difference. Safe for any number of
 * threads.
 */
public interface RowCommitter extends AutoCloseable {

    /**
     * Runs the statements in one transaction. Their changes survive kill -9 and power loss once this method has returned.
     *
     * <p>The statements may run on another thread, in one transaction with those of other callers, and more than once (only the
     * last run is committed). They therefore use the database and nothing else, they are short, and they neither wait for other
     * callers of this method nor depend on thread-locals. A call from statements that are being committed joins their
     * transaction: its changes are durable when the outermost call has returned.
     *
     * <p>An interrupt does not end the wait; the interrupt flag is still set when this method returns.
     *
     * @return the result of {@code statements}
     * @throws CommitOutcomeUnknownException when the commit or its sync failed: the change may be there or not, so read the row
     *     again
     * @throws RuntimeException the exception of {@code statements}; none of their changes is committed then, and other callers'
     *     changes are not affected
     */
    <T extends @Nullable Object> T commit(Supplier<T> statements);

    /**
     * As {@link #commit}, but without a sync of its own, for changes that the server can find out again. The changes are
     * durable once a later {@link #commit} has returned, or a later call of this method at least 5 s after the last sync. No
     * acknowledgement may depend on them.
     */
    default <T extends @Nullable Object> T commitLazily(Supplier<T> statements) {
        return commit(statements);
    }

    /**
     * True when other connections can see a change before it is durable. A reader whose answer acknowledges the change must
     * then wait until the commit in progress has returned.
     */
    default boolean showsBeforeDurable() {
        return false;
    }

    /** How long the oldest unfinished call has waited, for a committer whose calls wait for each other; otherwise zero. */
    default Duration oldestWait() {
        return Duration.ZERO;
    }

    /**
     * Commits the calls that were made before, and refuses later ones as unavailable. To be closed before the connection pool.
     */
    @Override
    default void close() {}

    /**
     * The committer for the database behind {@code dataSource}.
     *
     * @param dataSource the data source that the callers' statements use
     * @param own the committer's own connection; not used where the committer needs none
     * @throws IllegalStateException when the database is neither H2 nor PostgreSQL
     */
    static RowCommitter forDatabase(DataSource dataSource, DataSource own, PlatformTransactionManager transactions) {
        return switch (DatabaseProduct.of(dataSource)) {
            case H2 -> GroupCommitter.start(own, dataSource, ProcessHalt::because);
            case POSTGRESQL -> new DirectCommitter(transactions);
        };
    }
}
