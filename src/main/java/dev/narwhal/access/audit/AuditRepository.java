package dev.narwhal.access.audit;

import dev.narwhal.access.Audit.Actor;
import dev.narwhal.access.audit.AuditEntry.Kind;
import dev.narwhal.database.RowCommitter;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The {@code audit} table. Safe for any number of threads. */
public final class AuditRepository {

    private static final int LONGEST = 200;

    private static final String INSERT = """
            insert into audit
                (kind, happened_at, last_at, owner, credential, address, action, subject, result, times)
            values (:kind, :at, :until, :owner, :credential, :address, :action, :subject, :result, :times)
            """;

    private static final String PAGE = """
            select id, kind, happened_at, last_at, owner, credential, address, action, subject, result, times
            from audit where id < :before order by id desc limit :limit
            """;

    private static final String FORGET_OLD = "delete from audit where kind = :kind and happened_at < :oldest";

    private static final String FORGET_MANY = """
            delete from audit where kind = :kind and id < (
                select coalesce(min(newest.id), 0) from (
                    select id from audit where kind = :kind order by id desc limit :most) newest)
            """;

    private final JdbcClient jdbc;
    private final RowCommitter committer;

    public AuditRepository(JdbcClient jdbc, RowCommitter committer) {
        this.jdbc = jdbc;
        this.committer = committer;
    }

    /** An entry with its place in the log. Ids grow, with gaps. */
    public record Row(long id, AuditEntry entry) {}

    /** Durable when this returns. */
    void add(AuditEntry entry) {
        int unused = committer.commit(() -> insert(entry));
    }

    /** A power cut may lose them. */
    void addLazily(List<AuditEntry> entries) {
        int unused = committer.commitLazily(
                () -> entries.stream().mapToInt(this::insert).sum());
    }

    private int insert(AuditEntry entry) {
        return jdbc.sql(INSERT)
                .param("kind", entry.kind().name())
                .param("at", timestamp(entry.at()), Types.TIMESTAMP_WITH_TIMEZONE)
                .param("until", timestamp(entry.until()), Types.TIMESTAMP_WITH_TIMEZONE)
                .param("owner", bounded(entry.actor().owner()))
                .param("credential", entry.actor().credential(), Types.VARCHAR)
                .param("address", bounded(entry.actor().address()))
                .param("action", bounded(entry.action()))
                .param("subject", bounded(entry.subject()))
                .param("result", bounded(entry.result()))
                .param("times", entry.times())
                .update();
    }

    /** A client may have chosen it. */
    private static String bounded(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST);
    }

    /**
     * The newest first. One statement.
     *
     * @param before the id of the last entry of the page before; {@link Long#MAX_VALUE} for the first page
     * @param limit at least 1
     */
    public List<Row> page(long before, int limit) {
        return jdbc.sql(PAGE)
                .param("before", before)
                .param("limit", limit)
                .query(AuditRepository::read)
                .list();
    }

    /** Removes what is too old, and the oldest of what is too much. Not durable: the next call does it again. */
    void forget(Kind kind, Instant oldest, int most) {
        int unused = committer.commitLazily(() -> jdbc.sql(FORGET_OLD)
                        .param("kind", kind.name())
                        .param("oldest", timestamp(oldest), Types.TIMESTAMP_WITH_TIMEZONE)
                        .update()
                + jdbc.sql(FORGET_MANY)
                        .param("kind", kind.name())
                        .param("most", most)
                        .update());
    }

    private static Row read(ResultSet row, int number) throws SQLException {
        return new Row(
                row.getLong("id"),
                new AuditEntry(
                        Kind.valueOf(row.getString("kind")),
                        row.getObject("happened_at", OffsetDateTime.class).toInstant(),
                        row.getObject("last_at", OffsetDateTime.class).toInstant(),
                        new Actor(row.getString("owner"), row.getString("credential"), row.getString("address")),
                        row.getString("action"),
                        row.getString("subject"),
                        row.getString("result"),
                        row.getLong("times")));
    }

    private static OffsetDateTime timestamp(Instant time) {
        return time.truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
    }
}
