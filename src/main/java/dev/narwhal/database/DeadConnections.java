package dev.narwhal.database;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import com.zaxxer.hikari.SQLExceptionOverride;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Empties the pool when one of its connections turns out to be dead: then all of them are, and each would fail one more
 * request. H2 needs that to come back at all: it closes itself on a full disk or an I/O error, and is opened again by the
 * first connection after the last old one is gone. Asked by the pool for every failure, whoever uses the connection. Several pools
 * of one database share one of these.
 */
final class DeadConnections implements SQLExceptionOverride {

    private final List<HikariDataSource> pools = new CopyOnWriteArrayList<>();

    DeadConnections(HikariDataSource pool) {
        watch(pool);
    }

    void watch(HikariDataSource pool) {
        pools.add(pool);
    }

    @java.lang.Override
    public Override adjudicate(SQLException failure) {
        if (!DatabaseFailures.isAway(failure)) {
            return Override.CONTINUE_EVICT;
        }
        pools.forEach(DeadConnections::empty);
        return Override.MUST_EVICT;
    }

    private static void empty(HikariDataSource pool) {
        @Nullable HikariPoolMXBean running = pool.getHikariPoolMXBean();
        if (running != null) {
            running.softEvictConnections();
        }
    }
}
