package dev.narwhal.database;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import javax.sql.DataSource;

/**
 * The committer's own connection: a pool of one connection, separate from the requests' pool, so that the committer never
 * queues behind requests. The pool replaces a dead connection. It opens its connection at the first request for one.
 */
final class CommitterPool {

    /**
     * H2 reopens a closed database only once all old connections are gone. A minimum of idle connections would open one at
     * once, and so keep H2 from closing.
     */
    private static final int MINIMUM_IDLE = 0;

    private static final String NAME = "narwhal-commits";

    private CommitterPool() {}

    /**
     * Has the settings of the pool behind {@code requests}. A dead connection in either pool evicts the connections of both.
     *
     * @throws IllegalStateException when {@code requests} is not a Hikari pool
     */
    static HikariDataSource beside(DataSource requests) {
        HikariDataSource pool = pool(requests);
        HikariDataSource own = new HikariDataSource();
        pool.copyStateTo(own);
        own.setPoolName(NAME);
        own.setMinimumIdle(MINIMUM_IDLE);
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
