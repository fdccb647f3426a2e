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
 * What waits to be delivered to each destination, of all servers on this database: for those who watch. Asked of the database
 * at most every few seconds, however many ask here.
 */
final class DeliveryBacklog {

    static final Duration KEPT = Duration.ofSeconds(5);

    private static final Logger log = LoggerFactory.getLogger(DeliveryBacklog.class);

    /**
     * Only what is open is read, by the index delivery_open_idx: not the rows of what was delivered. What is sent ahead of an
     * upload's end waits for its client, and not for us.
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

    private static final Look NOTHING = new Look("", 0, 0, null);

    private final JdbcClient jdbc;
    private final Set<String> destinations;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private @Nullable Map<String, Look> looks;
    private @Nullable Long lookedAt;

    /** @param destinations their names, at least one */
    DeliveryBacklog(JdbcClient jdbc, Set<String> destinations, Clock clock, LongSupplier nanoTime) {
        this.jdbc = jdbc;
        this.destinations = Set.copyOf(destinations);
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    Set<String> destinations() {
        return destinations;
    }

    /** Deliveries that are not done and not given up; not a number while the database cannot tell. */
    double pending(String destination) {
        Look now = look(destination);
        return now == null ? Double.NaN : now.pending();
    }

    /** Deliveries that were given up and wait for an operator; not a number while the database cannot tell. */
    double failed(String destination) {
        Look now = look(destination);
        return now == null ? Double.NaN : now.failed();
    }

    /** Seconds since the oldest that is pending was finished by its client; 0 when there is none. */
    double oldestSeconds(String destination) {
        Look now = look(destination);
        if (now == null) {
            return Double.NaN;
        }
        Instant oldest = now.oldest();
        return oldest == null
                ? 0
                : Math.max(0, Duration.between(oldest, clock.instant()).toMillis() / 1000.0);
    }

    /** Null when the database could not be asked: then it is not asked again at once, either. */
    private synchronized @Nullable Look look(String destination) {
        if (lookedAt == null || nanoTime.getAsLong() - lookedAt >= KEPT.toNanos()) {
            looks = select();
            lookedAt = nanoTime.getAsLong();
        }
        return looks == null ? null : looks.getOrDefault(destination, NOTHING);
    }

    private @Nullable Map<String, Look> select() {
        try {
            return jdbc.sql(SELECT).param("destinations", destinations).query(Look::read).list().stream()
                    .collect(Collectors.toMap(Look::destination, look -> look));
        } catch (DataAccessException | TransactionException e) {
            log.debug("delivery.backlog-unknown {}", e.getMessage());
            return null;
        }
    }

    private record Look(
            String destination,
            long pending,
            long failed,
            @Nullable Instant oldest) {

        static Look read(ResultSet row, int number) throws SQLException {
            @Nullable OffsetDateTime oldest = row.getObject("oldest", OffsetDateTime.class);
            return new Look(
                    row.getString("destination"),
                    row.getLong("pending"),
                    row.getLong("failed"),
                    oldest == null ? null : oldest.toInstant());
        }
    }
}
