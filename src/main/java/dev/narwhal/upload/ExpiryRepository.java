package dev.narwhal.upload;

import dev.narwhal.database.CommitOutcomeUnknownException;
import dev.narwhal.database.RowCommitter;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The expiry of uploads in the {@code upload} table: the uploads due for the sweep, the finals that keep a partial alive, and
 * the change to EXPIRED. Safe for any number of threads.
 *
 * <p>The column {@code sweep_at} says when the sweep reads a row next. It is never later than the row's expiry and often
 * earlier. It is null once the sweep has nothing left to do for the row. The cost of a sweep therefore follows the number of
 * due uploads, not the number of all uploads.
 */
public class ExpiryRepository {

    /** The result of an attempt to expire an upload. */
    public enum Outcome {
        /** The upload is EXPIRED now, durably. */
        EXPIRED,
        /** The upload is a partial that a final upload still needs. */
        KEPT,
        /** The row has changed since it was read, or its deadline has not passed: read it again. */
        MOVED
    }

    /**
     * Sorted as the index is. The lower bound keeps H2 from starting at the volume's rows that are never due: H2 sorts null
     * before every time.
     */
    static final String DUE = "select " + UploadRow.COLUMNS + """
            from upload where volume = :volume and sweep_at >= :never and sweep_at <= :now
            order by volume, sweep_at fetch first :limit rows only
            """;

    private static final String POSTPONE_SWEEP = """
            update upload set sweep_at = :time where id = :id and sweep_at < :time
            """;

    private static final String CLEAR_SWEEP = """
            update upload set sweep_at = null where id = :id and sweep_at is not null
            """;

    private static final String DELIVERED_FOR_EVER = """
            select id from upload where id > :after and volume = :volume and sweep_at is null and state = 'DELIVERED'
            order by id fetch first :limit rows only
            """;

    private static final String ADOPT = """
            update upload set sweep_at = :now where id in (:ids) and sweep_at is null and state = 'DELIVERED'
            """;

    private static final String UNDELIVERED_FINALS = "select " + UploadRow.COLUMNS + """
            from upload where id in (select final_id from upload_part where partial_id = :id)
                and state in ('RECEIVING', 'FINISHED', 'FAILED')
            """;

    private final JdbcClient jdbc;
    private final RowCommitter committer;
    private final FinalRows finals;
    private final UploadListeners listeners;
    private final StateRows states;

    public ExpiryRepository(JdbcClient jdbc, RowCommitter committer, UploadListeners listeners) {
        this.jdbc = jdbc;
        this.committer = committer;
        this.finals = new FinalRows(jdbc, Long.MAX_VALUE);
        this.listeners = listeners;
        this.states = new StateRows(jdbc, listeners, Duration.ZERO);
    }

    /**
     * Uploads on that volume that are due for the sweep, the longest due first, in any state. One statement.
     *
     * @param limit at least 1
     */
    public List<Upload> due(String volume, Instant now, int limit) {
        return jdbc.sql(DUE)
                .param("volume", volume)
                .param("never", UploadRow.timestamp(Instant.EPOCH), Types.TIMESTAMP_WITH_TIMEZONE)
                .param("now", UploadRow.timestamp(now), Types.TIMESTAMP_WITH_TIMEZONE)
                .param("limit", limit)
                .query(UploadRow::read)
                .list();
    }

    /** The sweep does not read this upload again before that time. Not durable: after a crash the sweep reads it once more. */
    public void lookAgain(UploadId id, Instant time) {
        int unused = jdbc.sql(POSTPONE_SWEEP)
                .param("id", id.value())
                .param("time", UploadRow.timestamp(time), Types.TIMESTAMP_WITH_TIMEZONE)
                .update();
    }

    /** The sweep has nothing left to do for this upload. Not durable, as {@link #lookAgain}. */
    public void forget(UploadId id) {
        int unused = jdbc.sql(CLEAR_SWEEP).param("id", id.value()).update();
    }

    /**
     * Makes uploads due that were delivered while such rows were kept for ever. Not durable, as {@link #lookAgain}.
     *
     * @param after where to go on: ids are taken in their order; null for the first
     * @param limit at least 1
     * @return the last one taken; empty when none is left
     */
    public Optional<UploadId> adoptDelivered(String volume, @Nullable UploadId after, Instant now, int limit) {
        List<String> ids = jdbc.sql(DELIVERED_FOR_EVER)
                .param("after", after == null ? "" : after.value())
                .param("volume", volume)
                .param("limit", limit)
                .query(String.class)
                .list();
        if (ids.isEmpty()) {
            return Optional.empty();
        }
        int unused = jdbc.sql(ADOPT)
                .param("ids", ids)
                .param("now", UploadRow.timestamp(now), Types.TIMESTAMP_WITH_TIMEZONE)
                .update();
        return Optional.of(new UploadId(ids.getLast()));
    }

    /** The finals that list this partial and are neither delivered nor over. One statement. */
    public List<Upload> finalsOf(UploadId partial) {
        return jdbc.sql(UNDELIVERED_FINALS)
                .param("id", partial.value())
                .query(UploadRow::read)
                .list();
    }

    /**
     * Expires an upload whose deadline has passed; compares the known row. The caller holds the upload's lease, and has checked
     * the partials of a final. The row stays due for the sweep until {@link #forget}.
     *
     * @throws CommitOutcomeUnknownException when the change may have been committed or not; the row is still due for the sweep
     */
    public Outcome expire(Upload known, Instant now) {
        Outcome outcome = committer.commit(() -> expireRow(known, now));
        if (outcome == Outcome.EXPIRED) {
            listeners.committed(UploadEvent.between(known, known.in(UploadState.EXPIRED, now)));
        }
        return outcome;
    }

    private Outcome expireRow(Upload known, Instant now) {
        if (known.kind() == UploadKind.PARTIAL && isNeeded(known.id())) {
            return Outcome.KEPT;
        }
        boolean expired = known.isOverdue(now)
                && states.move(known, UploadState.EXPIRED, now).isPresent();
        return expired ? Outcome.EXPIRED : Outcome.MOVED;
    }

    /**
     * A request that creates a final locks its partials first. Either it comes before this lock, and this method sees the
     * final; or it comes after it, and finds the partial gone.
     */
    private boolean isNeeded(UploadId partial) {
        var unused = finals.lock(List.of(partial));
        return finals.isNeeded(partial);
    }
}
