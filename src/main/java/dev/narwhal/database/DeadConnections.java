package dev.narwhal.database;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import com.zaxxer.hikari.SQLExceptionOverride;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Evicts all connections of the pools when one of them turns out to be dead. All of them are dead then, and each would fail one
 * more request. H2 cannot come back without this: it closes itself on a full disk or an I/O error, and the first new connection
 * reopens it only after the last old one is gone. The pool asks this class at every failure, whoever uses the connection.
 * Several pools of one database share one instance.
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
        if (!DatabaseFailures.isUnreachable(failure)) {
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
