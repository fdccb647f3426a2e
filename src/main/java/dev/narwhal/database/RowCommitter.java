package dev.narwhal.database;

import java.sql.DatabaseMetaData;
import java.time.Duration;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.jdbc.DatabaseDriver;
import org.springframework.jdbc.support.JdbcUtils;
import org.springframework.jdbc.support.MetaDataAccessException;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * Makes row changes durable: what an acknowledgement depends on is committed through here and nowhere else.
 *
 * <p>H2 writes a commit but does not sync it, PostgreSQL does both; the difference is hidden here. Safe for any number of
 * threads.
 */
public interface RowCommitter extends AutoCloseable {

    /**
     * Runs the statements in one transaction; what they changed survives kill -9 and power loss once this has returned.
     *
     * <p>The statements may run on another thread, in one transaction with those of other callers, and more than once
     * (only the last run is committed): they talk to the database and to nothing else, they are short, and they neither
     * wait for other callers of this method nor depend on thread-locals. Called by statements that are being committed,
     * this joins: the inner changes are durable when the outermost call has returned.
     *
     * <p>An interrupt of the caller does not cut this short; it is still set when this returns.
     *
     * @return what {@code statements} returned
     * @throws CommitOutcomeUnknownException when the commit or its sync failed: it may have happened or not, read again
     * @throws RuntimeException what {@code statements} threw; then nothing of theirs is committed, and other callers'
     *     changes are not affected
     */
    <T extends @Nullable Object> T commit(Supplier<T> statements);

    /**
     * The same for what can be found out again, and so is not worth a sync of its own: what the statements changed is
     * durable once a later {@link #commit} has returned, or a later call of this, at least 5 s after the last sync. Nothing
     * acknowledges it.
     */
    default <T extends @Nullable Object> T commitLazily(Supplier<T> statements) {
        return commit(statements);
    }

    /**
     * True when other connections can see a change before it is durable. A reader that acknowledges what it reads has to
     * wait then until the commit in progress has returned.
     */
    default boolean showsBeforeDurable() {
        return false;
    }

    /** How long the oldest call that has not returned yet has been waiting, where calls wait for others; else nothing. */
    default Duration oldestWait() {
        return Duration.ZERO;
    }

    /** Finishes what was handed over, then refuses the rest as unavailable. To be closed before the connection pool. */
    @Override
    default void close() {}

    /**
     * The one that fits the database behind {@code dataSource}.
     *
     * @param dataSource through which statements are sent
     * @param own of a connection for nobody else; not asked where the committer needs none
     * @throws IllegalStateException when that is neither H2 nor PostgreSQL
     */
    static RowCommitter forDatabase(DataSource dataSource, DataSource own, PlatformTransactionManager transactions) {
        String product = product(dataSource);
        return switch (DatabaseDriver.fromProductName(product)) {
            case H2 -> GroupCommitter.start(own, dataSource, EndOfProcess::because);
            case POSTGRESQL -> new DirectCommitter(transactions);
            default ->
                throw new IllegalStateException("spring.datasource.url leads to a database of the kind '" + product
                        + "'; Narwhal works with PostgreSQL, and with H2");
        };
    }

    private static String product(DataSource dataSource) {
        try {
            return JdbcUtils.extractDatabaseMetaData(dataSource, DatabaseMetaData::getDatabaseProductName);
        } catch (MetaDataAccessException e) {
            throw new IllegalStateException("The database does not say what it is", e);
        }
    }
}
