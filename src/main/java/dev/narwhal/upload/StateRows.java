package dev.narwhal.upload;

import java.sql.Types;
import java.time.Instant;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Moves uploads from one state to another without a byte of theirs, by compare-and-set, and tells the listeners of it. An upload
 * that was moved does not expire any more.
 */
final class StateRows {

    private static final String LOCK = "select " + UploadRow.COLUMNS + """
            from upload where id = :id for update
            """;

    /**
     * Compares the row as a whole: every change of it but that of sweep_at is one of these. What is delivered is remembered for
     * a while only: the sweep, which knows how long, looks at it. It looks once whether the bytes of a terminated one have
     * gone: a crash may come between this and their removal. For the same reason an expired one stays due.
     */
    private static final String MOVE = """
            update upload set state = :to, updated_at = :now, expires_at = null,
                sweep_at = case when :to = 'EXPIRED' then sweep_at
                    when :to in ('DELIVERED', 'TERMINATED') then cast(:now as timestamp(6) with time zone) end
            where id = :id and state = :from and "offset" = :offset and lease_token = :leaseToken
                and length is not distinct from :length and updated_at = :updatedAt
            """;

    private final JdbcClient jdbc;
    private final UploadListeners listeners;

    StateRows(JdbcClient jdbc, UploadListeners listeners) {
        this.jdbc = jdbc;
        this.listeners = listeners;
    }

    /**
     * For who knows no more of the upload than its state: reads the row first, and locks it. Joins the transaction in progress.
     *
     * @return what has happened; empty when the upload is in another state, or not there
     */
    Optional<UploadEvent> move(UploadId id, UploadState from, UploadState to, Instant now) {
        return jdbc.sql(LOCK)
                .param("id", id.value())
                .query(UploadRow::read)
                .optional()
                .filter(row -> row.state() == from)
                .flatMap(row -> move(row, to, now));
    }

    /**
     * Joins the transaction in progress.
     *
     * @return what has happened; empty when the row is not as it is known any more
     */
    Optional<UploadEvent> move(Upload known, UploadState to, Instant now) {
        int rows = jdbc.sql(MOVE)
                .param("id", known.id().value())
                .param("from", known.state().name())
                .param("to", to.name())
                .param("offset", known.offset())
                .param("length", known.length(), Types.BIGINT)
                .param("leaseToken", known.leaseToken())
                .param("updatedAt", UploadRow.timestamp(known.updatedAt()), Types.TIMESTAMP_WITH_TIMEZONE)
                .param("now", UploadRow.timestamp(now), Types.TIMESTAMP_WITH_TIMEZONE)
                .update();
        if (rows == 0) {
            return Optional.empty();
        }
        UploadEvent event = UploadEvent.between(known, known.in(to, now));
        listeners.changed(event);
        return Optional.of(event);
    }
}
