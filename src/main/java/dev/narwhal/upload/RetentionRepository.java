package dev.narwhal.upload;

import dev.narwhal.database.RowCommitter;
import java.sql.Types;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The end of rows that nobody needs any more: of tombstones, and of uploads that were delivered a while ago. What was
 * delivered is not touched. Safe for any number of threads.
 */
public class RetentionRepository {

    /** What came of the wish to remove a row. */
    public enum Outcome {
        /** It is gone, with what deliveries remembered of it. */
        REMOVED,
        /** A final needs it, or something is left to be done at its destination or with its bytes. */
        NEEDED,
        /** It is not what it was when it was read. */
        MOVED
    }

    /** The list of a final that is delivered or a tombstone names partials whose bytes went long ago. */
    private static final String DELETE_FROM_LISTS = "delete from upload_part where partial_id = :id";

    private static final String DELETE = """
            delete from upload
            where id = :id and state = :state and updated_at = :updatedAt and state in ('DELIVERED', 'EXPIRED', 'TERMINATED')
            """;

    private final JdbcClient jdbc;
    private final RowCommitter committer;
    private final DeliveryVeto deliveries;
    private final UploadListeners listeners;
    private final FinalRows finals;

    /** @param deliveries asked before a row goes, in the transaction that removes it */
    public RetentionRepository(
            JdbcClient jdbc, RowCommitter committer, DeliveryVeto deliveries, UploadListeners listeners) {
        this.jdbc = jdbc;
        this.committer = committer;
        this.deliveries = deliveries;
        this.listeners = listeners;
        this.finals = new FinalRows(jdbc, Long.MAX_VALUE);
    }

    /**
     * Removes the row of an upload that is DELIVERED, EXPIRED or TERMINATED, in one transaction: what deliveries remember of
     * it, its place in the lists of finals, then itself. The caller holds its lease, and has removed what is staged.
     */
    public Outcome remove(Upload known) {
        Outcome outcome;
        try {
            outcome = committer.commit(() -> removeRows(known));
        } catch (RowMovedException e) {
            return Outcome.MOVED;
        }
        if (outcome == Outcome.REMOVED) {
            listeners.committed(UploadEvent.forgotten(known));
        }
        return outcome;
    }

    private Outcome removeRows(Upload known) {
        boolean partial = known.kind() == UploadKind.PARTIAL;
        if (partial && isNeeded(known.id()) || !deliveries.forget(known.id())) {
            return Outcome.NEEDED;
        }
        if (partial) {
            jdbc.sql(DELETE_FROM_LISTS).param("id", known.id().value()).update();
        }
        int rows = jdbc.sql(DELETE)
                .param("id", known.id().value())
                .param("state", known.state().name())
                .param("updatedAt", UploadRow.timestamp(known.updatedAt()), Types.TIMESTAMP_WITH_TIMEZONE)
                .update();
        if (rows == 0) {
            throw new RowMovedException();
        }
        listeners.changed(UploadEvent.forgotten(known));
        return Outcome.REMOVED;
    }

    /** Who makes a final locks its partials first: it comes before this and is seen, or after it and finds no partial. */
    private boolean isNeeded(UploadId partial) {
        var unused = finals.lock(List.of(partial));
        return finals.isNeeded(partial);
    }
}
