package dev.narwhal.delivery;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.TransactionException;

/**
 * Counts the undelivered uploads of each destination, of all servers on this database, for metrics and health. Asks the
 * database at most once every few seconds, however many callers ask.
 */
final class DeliveryBacklog {

    static final Duration CACHE_TIME = Duration.ofSeconds(5);

    private static final Logger log = LoggerFactory.getLogger(DeliveryBacklog.class);

    /**
     * Reads only open uploads, through the index upload_open_idx, and no rows of delivered ones. An upload that is
     * still being sent ahead waits for its client and not for a delivery, so it does not count.
     */
    private static final String SELECT = """
            select d.destination as destination,
                count(case when d.status <> 'FAILED' then 1 end) as pending,
                count(case when d.status = 'FAILED' then 1 end) as failed,
                min(case when d.status <> 'FAILED' then u.finished_at end) as oldest
            from delivery d join upload u on u.id = d.upload_id
            where d.destination in (:destinations) and d.status in ('PENDING', 'SENDING', 'COMPLETING', 'FAILED')
                and u.state in ('FINISHED', 'FAILED')
            group by d.destination
            """;

    private static final Counts NONE = new Counts("", 0, 0, null);

    private final JdbcClient jdbc;
    private final Set<String> destinations;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private @Nullable Map<String, Counts> cached;
    private @Nullable Long readAt;

    /** @param destinations names, at least one */
    DeliveryBacklog(JdbcClient jdbc, Set<String> destinations, Clock clock, LongSupplier nanoTime) {
        this.jdbc = jdbc;
        this.destinations = Set.copyOf(destinations);
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    Set<String> destinations() {
        return destinations;
    }

    /** Deliveries that are neither done nor given up; NaN while the database does not answer. */
    double pending(String destination) {
        Counts now = counts(destination);
        return now == null ? Double.NaN : now.pending();
    }

    /** Deliveries that were given up and wait for an operator; NaN while the database does not answer. */
    double failed(String destination) {
        Counts now = counts(destination);
        return now == null ? Double.NaN : now.failed();
    }

    /** Seconds since the client finished the oldest pending upload; 0 when none is pending. */
    double oldestSeconds(String destination) {
        Counts now = counts(destination);
        if (now == null) {
            return Double.NaN;
        }
        Instant oldest = now.oldest();
        return oldest == null
                ? 0
                : Math.max(0, Duration.between(oldest, clock.instant()).toMillis() / 1000.0);
    }

    /** Null when the database did not answer. That result is cached, too. */
    private synchronized @Nullable Counts counts(String destination) {
        if (readAt == null || nanoTime.getAsLong() - readAt >= CACHE_TIME.toNanos()) {
            cached = select();
            readAt = nanoTime.getAsLong();
        }
        return cached == null ? null : cached.getOrDefault(destination, NONE);
    }

    private @Nullable Map<String, Counts> select() {
        try {
            return jdbc.sql(SELECT).param("destinations", destinations).query(Counts::read).list().stream()
                    .collect(Collectors.toMap(Counts::destination, counts -> counts));
        } catch (DataAccessException | TransactionException e) {
            log.debug("delivery.backlog-unknown {}", e.getMessage());
            return null;
        }
    }

    private record Counts(
            String destination,
            long pending,
            long failed,
            @Nullable Instant oldest) {

        static Counts read(ResultSet row, int number) throws SQLException {
            @Nullable OffsetDateTime oldest = row.getObject("oldest", OffsetDateTime.class);
            return new Counts(
                    row.getString("destination"),
                    row.getLong("pending"),
                    row.getLong("failed"),
                    oldest == null ? null : oldest.toInstant());
        }
    }
}
