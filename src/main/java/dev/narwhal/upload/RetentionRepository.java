package dev.narwhal.upload;

import dev.narwhal.database.RowCommitter;
import java.sql.Types;
import java.time.Duration;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Removes rows at the end of their retention: tombstones, and uploads delivered some time ago. Never touches a delivered
 * object. Safe for any number of threads.
 */
public class RetentionRepository {

    /** How often the sweep looks at a tombstone that is kept for ever: the setting may have changed. */
    public static final Duration RECHECK = Duration.ofDays(30);

    /** The result of an attempt to remove a row. */
    public enum Outcome {
        /** The row is removed, together with the rows of its delivery. */
        REMOVED,
        /** A final needs the upload, or its delivery still has work to do for it. */
        NEEDED,
        /** The row has changed since it was read. */
        MOVED
    }

    /** A final that is delivered or a tombstone lists partials whose bytes were removed long ago. */
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

    /** @param deliveries asked before a row is removed, in the transaction that removes it */
    public RetentionRepository(
            JdbcClient jdbc, RowCommitter committer, DeliveryVeto deliveries, UploadListeners listeners) {
        this.jdbc = jdbc;
        this.committer = committer;
        this.deliveries = deliveries;
        this.listeners = listeners;
        this.finals = new FinalRows(jdbc, Long.MAX_VALUE);
    }

    /**
     * Removes the row of an upload that is DELIVERED, EXPIRED or TERMINATED, in one transaction: first the rows of its
     * delivery, then its entries in the lists of finals, then the row itself. The caller holds the upload's lease, and has
     * removed its staged bytes.
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
        if (partial && isNeeded(known.id()) || !deliveries.removeDelivery(known.id())) {
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

    /**
     * A request that creates a final locks its partials first. Either it comes before this lock, and this method sees the
     * final; or it comes after it, and finds the partial gone.
     */
    private boolean isNeeded(UploadId partial) {
        var unused = finals.lock(List.of(partial));
        return finals.isNeeded(partial);
    }
}
