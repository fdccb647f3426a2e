package dev.narwhal.statistics;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads the sums. One statement each; safe for any number of threads. */
public final class SumsRows {

    private static final double MILLIS = 1_000.0;

    private static final String SELECT = """
            select * from statistics
            where span = :span and everybody = :everybody and owner = :owner and start_at >= :from and start_at < :to
            order by start_at
            """;

    private final JdbcClient jdbc;
    private final CursorRows cursors;

    SumsRows(JdbcClient jdbc) {
        this.jdbc = jdbc;
        this.cursors = new CursorRows(jdbc);
    }

    /**
     * Hours or days in which something happened, the oldest first.
     *
     * @param owner whose uploads; null for all
     * @param from the beginning of the first
     * @param to the beginning of the first one after them
     */
    public List<Sums> read(Span span, @Nullable String owner, Instant from, Instant to) {
        return jdbc.sql(SELECT)
                .param("span", span.name())
                .param("everybody", owner == null)
                .param("owner", owner == null ? "" : owner)
                .param("from", from.atOffset(ZoneOffset.UTC), Types.TIMESTAMP_WITH_TIMEZONE)
                .param("to", to.atOffset(ZoneOffset.UTC), Types.TIMESTAMP_WITH_TIMEZONE)
                .query(SumsRows::sums)
                .list();
    }

    /** Up to which creations uploads are counted; empty before the first rollup. */
    public Optional<Instant> countedUntil() {
        return cursors.newest();
    }

    private static Sums sums(ResultSet row, int number) throws SQLException {
        long delivered = value(row, Measure.DELIVERED);
        long failed = value(row, Measure.FAILED);
        long expired = value(row, Measure.EXPIRED);
        long terminated = value(row, Measure.TERMINATED);
        return new Sums(
                Objects.requireNonNull(UploadFacts.instant(row, "start_at")),
                value(row, Measure.CREATED),
                value(row, Measure.FINISHED),
                delivered,
                failed,
                expired,
                terminated,
                value(row, Measure.RECEIVED_BYTES),
                value(row, Measure.DELIVERED_BYTES),
                share(delivered, delivered + failed + expired + terminated),
                speed(value(row, Measure.TIMED_BYTES), value(row, Measure.TIMED_MILLIS)),
                sizes(row));
    }

    private static long value(ResultSet row, Measure measure) throws SQLException {
        return row.getLong(measure.column());
    }

    private static @Nullable Double share(long part, long whole) {
        return whole == 0 ? null : (double) part / whole;
    }

    private static @Nullable Long speed(long bytes, long millis) {
        return millis == 0 ? null : Math.round(bytes * MILLIS / millis);
    }

    private static List<Sums.SizeRange> sizes(ResultSet row) throws SQLException {
        List<Sums.SizeRange> ranges = new ArrayList<>();
        int last = Measure.SIZES.size() - 1;
        for (int range = 0; range <= last; range++) {
            @Nullable Long below = range == last ? null : (Long) Measure.limitOf(range);
            ranges.add(new Sums.SizeRange(below, value(row, Measure.SIZES.get(range))));
        }
        return ranges;
    }
}
