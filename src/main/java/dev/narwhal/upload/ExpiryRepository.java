package dev.narwhal.upload;

import dev.narwhal.database.CommitOutcomeUnknownException;
import dev.narwhal.database.RowCommitter;
import java.sql.Types;
import java.time.Instant;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What the {@code upload} table knows of uploads that nobody goes on with: which are due for a look, what keeps them beyond
 * their own time, and their end. Safe for any number of threads.
 *
 * <p>When a row is looked at next is its {@code sweep_at}: never after its end, often before it, and empty once nothing is
 * left to do. So what a look costs follows the uploads that are due, and not those that there are.
 */
public class ExpiryRepository {

    /** What came of the wish to end an upload. */
    public enum Outcome {
        /** It is EXPIRED now, durably. */
        EXPIRED,
        /** A partial that a final upload still needs. */
        KEPT,
        /** It is not what it was when it was read, or its time is not over: read again. */
        MOVED
    }

    /**
     * In the order of the index. With a lower bound, else H2 begins at the rows of that volume that are never due: to it
     * null is less than any time.
     */
    static final String DUE = "select " + UploadRow.COLUMNS + """
            from upload where volume = :volume and sweep_at >= :never and sweep_at <= :now
            order by volume, sweep_at fetch first :limit rows only
            """;

    private static final String LOOK_AGAIN = """
            update upload set sweep_at = :time where id = :id and sweep_at < :time
            """;

    private static final String FORGET = """
            update upload set sweep_at = null where id = :id and sweep_at is not null
            """;

    private static final String FINALS = "select " + UploadRow.COLUMNS + """
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
        this.states = new StateRows(jdbc, listeners);
    }

    /**
     * Uploads on that volume that are to be looked at, the longest due first; any state. One statement.
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

    /** Not before that time. Not durable: what a crash undoes is only looked at once more. */
    public void lookAgain(UploadId id, Instant time) {
        int unused = jdbc.sql(LOOK_AGAIN)
                .param("id", id.value())
                .param("time", UploadRow.timestamp(time), Types.TIMESTAMP_WITH_TIMEZONE)
                .update();
    }

    /** Nothing is left to do for that upload. Not durable, as {@link #lookAgain}. */
    public void forget(UploadId id) {
        int unused = jdbc.sql(FORGET).param("id", id.value()).update();
    }

    /** The finals that are made of that partial and unfinished or undelivered. One statement. */
    public List<Upload> finalsOf(UploadId partial) {
        return jdbc.sql(FINALS)
                .param("id", partial.value())
                .query(UploadRow::read)
                .list();
    }

    /**
     * Ends an upload whose time is over; compares the known row. The caller holds its lease, and has
     * looked at the partials when it is a final. The row stays due for a look until {@link #forget}.
     *
     * @throws CommitOutcomeUnknownException when it may have happened or not; the row is still due for a look
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

    /** Who makes a final locks its partials first: it comes before this and is seen, or after it and finds no partial. */
    private boolean isNeeded(UploadId partial) {
        var unused = finals.lock(List.of(partial));
        return finals.isNeeded(partial);
    }
}
