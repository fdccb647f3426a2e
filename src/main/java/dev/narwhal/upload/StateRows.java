package dev.narwhal.upload;

import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Moves uploads from one state to another by compare-and-set without changing their bytes, and tells the listeners. An upload
 * moved this way no longer expires.
 */
final class StateRows {

    private static final String LOCK = "select " + UploadRow.COLUMNS + """
            from upload where id = :id for update
            """;

    /**
     * DELIVERED makes the row due for the sweep when its retention ends; a row that is kept for ever is never due. TERMINATED makes
     * it due at once: a crash may come between this statement and the removal of the staged bytes, and the sweep then removes them. EXPIRED leaves
     * the row due for the same reason.
     */
    private static final String SET = """
            update upload set state = :to, updated_at = :now, expires_at = null,
                sweep_at = case when :to = 'EXPIRED' then sweep_at
                    when :to = 'DELIVERED' then cast(:retained as timestamp(6) with time zone)
                    when :to = 'TERMINATED' then cast(:now as timestamp(6) with time zone) end
            """;

    private static final String MOVE_ALL = SET + """
            where id in (:ids) and state = :from
            """;

    /** Compares every column that can change except sweep_at. */
    private static final String MOVE = SET + """
            where id = :id and state = :from and "offset" = :offset and lease_token = :leaseToken
                and length is not distinct from :length and updated_at = :updatedAt
            """;

    /** Listeners may lock a row for each owner, and one for each of its credentials: always in this order. */
    private static final Comparator<Upload> BY_OWNER = Comparator.comparing(Upload::owner)
            .thenComparing(upload -> upload.terms().credential(), Comparator.nullsFirst(Comparator.naturalOrder()));

    private final JdbcClient jdbc;
    private final UploadListeners listeners;
    private final Duration retention;

    /** @param retention from a delivery until the sweep looks at its row; 0 for never */
    StateRows(JdbcClient jdbc, UploadListeners listeners, Duration retention) {
        this.jdbc = jdbc;
        this.listeners = listeners;
        this.retention = retention;
    }

    /**
     * For a caller that knows only the upload's state: reads and locks the row first. Joins the transaction in progress.
     *
     * @return the event; empty when the upload is in another state, or has no row
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
     * @return the event; empty when the row differs from the known one
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
                .param("retained", retained(now), Types.TIMESTAMP_WITH_TIMEZONE)
                .update();
        if (rows == 0) {
            return Optional.empty();
        }
        UploadEvent event = UploadEvent.between(known, known.in(to, now));
        listeners.changed(event);
        return Optional.of(event);
    }

    /**
     * Moves several uploads, all from one state, by one statement. Compares their states alone, as {@link #move(UploadId,
     * UploadState, UploadState, Instant)} does. Joins the transaction in progress.
     *
     * @return the events; empty when a row is in another state, and some may have moved: the caller must roll back
     */
    Optional<List<UploadEvent>> moveAll(List<Upload> known, UploadState to, Instant now) {
        int rows = jdbc.sql(MOVE_ALL)
                .param("ids", IdList.of(known.stream().map(Upload::id).toList()))
                .param("from", known.getFirst().state().name())
                .param("to", to.name())
                .param("now", UploadRow.timestamp(now), Types.TIMESTAMP_WITH_TIMEZONE)
                .param("retained", retained(now), Types.TIMESTAMP_WITH_TIMEZONE)
                .update();
        if (rows != known.size()) {
            return Optional.empty();
        }
        List<UploadEvent> events = known.stream()
                .sorted(BY_OWNER)
                .map(before -> UploadEvent.between(before, before.in(to, now)))
                .toList();
        events.forEach(listeners::changed);
        return Optional.of(events);
    }

    private @Nullable OffsetDateTime retained(Instant now) {
        return retention.isZero() ? null : UploadRow.timestamp(now.plus(retention));
    }
}
