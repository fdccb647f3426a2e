package dev.narwhal.database;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import javax.sql.DataSource;

/**
 * The committer's own connection: a pool of one beside that of the requests, so that it never waits behind them, with all that
 * a pool does for a connection that has died. Nothing is opened before it is asked for the first time.
 */
final class CommitterPool {

    /** A connection that came back by itself, as soon as a dead one is gone, would keep H2 from closing what it has to open anew. */
    private static final int NOT_BEFORE_IT_IS_WANTED = 0;

    private static final String NAME = "narwhal-commits";

    private CommitterPool() {}

    /**
     * With the settings of the pool behind {@code requests}; a dead connection of either empties both.
     *
     * @throws IllegalStateException when that is no Hikari pool
     */
    static HikariDataSource beside(DataSource requests) {
        HikariDataSource pool = pool(requests);
        HikariDataSource own = new HikariDataSource();
        pool.copyStateTo(own);
        own.setPoolName(NAME);
        own.setMinimumIdle(NOT_BEFORE_IT_IS_WANTED);
        own.setIdleTimeout(0);
        own.setMaximumPoolSize(1);
        if (pool.getExceptionOverride() instanceof DeadConnections dead) {
            own.setExceptionOverride(dead);
            dead.watch(own);
        }
        return own;
    }

    private static HikariDataSource pool(DataSource requests) {
        try {
            return requests.unwrap(HikariDataSource.class);
        } catch (SQLException e) {
            throw new IllegalStateException("The connections are not pooled by HikariCP", e);
        }
    }
}
