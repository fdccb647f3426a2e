package dev.narwhal.history;

import dev.narwhal.upload.UploadId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table {@code upload_history}. Changes join the transaction in progress, which has locked the upload's row. */
public class HistoryRows {

    /** Rows of one upload; later ones are not added. */
    public static final int MOST = 200;

    /** Of these, so many may be interruptions: a bad network must not take the place of what happens later. */
    static final int MOST_INTERRUPTIONS = 180;

    private static final int LONGEST = 1000;

    private static final String ADD = """
            insert into upload_history (upload_id, number, event, happened_at, "offset", detail, actor)
            select u.id, (select coalesce(max(h.number), 0) + 1 from upload_history h where h.upload_id = u.id),
                :event, :at, :offset, :detail, :actor
            from upload u
            where u.id = :id and (select count(*) from upload_history h where h.upload_id = u.id) < :most
            """;

    private static final String ADD_FAILURE = """
            insert into upload_history (upload_id, number, event, happened_at, detail)
            select d.upload_id, (select coalesce(max(h.number), 0) + 1 from upload_history h where h.upload_id = d.upload_id),
                'DELIVERY_FAILED', :at, d.last_error
            from delivery d
            where d.upload_id = :id and (select count(*) from upload_history h where h.upload_id = d.upload_id) < :most
            """;

    private static final String RESUMED = """
            update upload_history set resumed_at = :now
            where upload_id = :id and resumed_at is null and event in ('INTERRUPTED', 'TAKEN_OVER')
            """;

    private static final String SELECT = """
            select event, happened_at, "offset", detail, actor, resumed_at from upload_history where upload_id = :id order by number
            """;

    private final JdbcClient jdbc;

    public HistoryRows(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Does nothing when the upload has no row, or has its most rows of history. */
    public void add(UploadId id, HistoryEntry entry) {
        boolean mayRepeat = entry.event() == HistoryEvent.INTERRUPTED
                || entry.event() == HistoryEvent.TAKEN_OVER
                || entry.event() == HistoryEvent.ATTEMPT_FAILED;
        int unused = jdbc.sql(ADD)
                .param("id", id.value())
                .param("event", entry.event().name())
                .param("at", time(entry.at()), Types.TIMESTAMP_WITH_TIMEZONE)
                .param("offset", entry.offset(), Types.BIGINT)
                .param("detail", storable(entry.detail()), Types.VARCHAR)
                .param("actor", entry.actor(), Types.VARCHAR)
                .param("most", mayRepeat ? MOST_INTERRUPTIONS : MOST)
                .update();
    }

    /** Adds the entry if that has happened. @return whether it has */
    public boolean addIf(boolean happened, UploadId id, HistoryEntry entry) {
        if (happened) {
            add(id, entry);
        }
        return happened;
    }

    /** As {@link #add}, with the error that the delivery's row has. */
    void addFailure(UploadId id, Instant at) {
        int unused = jdbc.sql(ADD_FAILURE)
                .param("id", id.value())
                .param("at", time(at), Types.TIMESTAMP_WITH_TIMEZONE)
                .param("most", MOST)
                .update();
    }

    /** Bytes of the upload were recorded: its interruptions are over. */
    void resumed(UploadId id, Instant now) {
        int unused = jdbc.sql(RESUMED)
                .param("id", id.value())
                .param("now", time(now), Types.TIMESTAMP_WITH_TIMEZONE)
                .update();
    }

    /** In the order in which they happened. */
    public List<HistoryEntry> of(UploadId id) {
        return jdbc.sql(SELECT)
                .param("id", id.value())
                .query(HistoryRows::entry)
                .list();
    }

    private static @Nullable String storable(@Nullable String text) {
        if (text == null) {
            return null;
        }
        String clean = text.replace('\0', '?');
        return clean.substring(0, Math.min(LONGEST, clean.length()));
    }

    private static OffsetDateTime time(Instant time) {
        return time.atOffset(ZoneOffset.UTC);
    }

    private static HistoryEntry entry(ResultSet row, int number) throws SQLException {
        @Nullable OffsetDateTime resumed = row.getObject("resumed_at", OffsetDateTime.class);
        return new HistoryEntry(
                HistoryEvent.valueOf(row.getString("event")),
                row.getObject("happened_at", OffsetDateTime.class).toInstant(),
                row.getObject("offset", Long.class),
                row.getString("detail"),
                row.getString("actor"),
                resumed == null ? null : resumed.toInstant());
    }
}
