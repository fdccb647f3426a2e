package dev.narwhal.upload;

import dev.narwhal.database.CommitOutcomeUnknownException;
import dev.narwhal.database.DatabaseFailures;
import dev.narwhal.database.RowCommitter;
import dev.narwhal.upload.InFlightWrites.Write;
import java.sql.Types;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The {@code upload} table. Every change is a compare-and-set: it says by what it returns whether somebody else was faster.
 *
 * <p>What a method has changed is durable when it returns. When it throws an exception that
 * {@link DatabaseFailures#isUnavailable} knows, nothing was changed, or the commit was cut off and not even the row could
 * tell what came of it: the row is the truth, and is to be read again. Safe for any number of threads.
 */
public class UploadRepository {

    private static final String SELECT = "select " + UploadRow.COLUMNS + """
            from upload where id = :id
            """;

    private static final String SELECT_OWN = "select " + UploadRow.COLUMNS + """
            from upload where id = :id and owner = :owner
            """;

    /** The token of whoever takes the lease: allocated with the row, so that it costs no statement. */
    private static final String SELECT_FOR_LEASE =
            "select nextval('lease_token') as granted, " + UploadRow.COLUMNS + """
            from upload where id = :id and owner = :owner
            """;

    /** What is delivered is remembered for a while only: the sweep, which knows how long, looks at it. */
    private static final String MOVE_STATE = """
            update upload set state = :to, updated_at = :now, expires_at = null,
                sweep_at = case when :to = 'DELIVERED' then cast(:now as timestamp(6) with time zone) end
            where id = :id and state = :from
            """;

    /** The sweep looks once whether the bytes have gone: a crash may come between this and their removal. */
    private static final String TERMINATE = """
            update upload set state = 'TERMINATED', updated_at = :now, expires_at = null, sweep_at = :now
            where id = :id and state = :from
            """;

    private final JdbcClient jdbc;
    private final RowCommitter committer;
    private final Supplier<DeliveryQueue> deliveries;
    private final Duration expireAfter;
    private final FinalRows finals;
    private final FencedRows fenced;
    private final Clock clock;
    private final InFlightWrites inFlight = new InFlightWrites();

    /**
     * @param deliveries asked only when an upload moves
     * @param expireAfter how long an unfinished upload is kept after its creation and after each advance; 0 for ever
     * @param largest bytes that a final upload may have
     * @param fence who may add and move rows
     */
    public UploadRepository(
            JdbcClient jdbc,
            RowCommitter committer,
            Supplier<DeliveryQueue> deliveries,
            Duration expireAfter,
            long largest,
            RowFence fence,
            Clock clock) {
        this.jdbc = jdbc;
        this.committer = committer;
        this.deliveries = deliveries;
        this.expireAfter = expireAfter;
        this.finals = new FinalRows(jdbc, largest);
        this.fenced = new FencedRows(jdbc, fence);
        this.clock = clock;
    }

    /**
     * Adds the row, durable when this returns. A row that is FINISHED already (a length of 0) queues its delivery in the
     * same transaction. When it expires, when it was finished, and its lease token, which is its creator's, are set here.
     * Times are kept to the microsecond; a NUL character in the filename or the content type is kept as U+FFFD.
     *
     * @return the row as it is now
     * @throws org.springframework.dao.DuplicateKeyException when the id is taken
     * @throws VolumeLostException when another process has the volume; nothing has changed
     */
    public Upload create(Upload upload) {
        Upload row = upload.created(clock.instant(), expireAfter);
        Upload created = inFlight.during(row.id(), () -> committed(row.id(), () -> insert(row)));
        wakeFor(created);
        return created;
    }

    /**
     * Adds a final upload, durable when this returns, in one transaction: locks the rows of its partials, so that none of
     * them changes meanwhile, asks what the final shall be, and adds it with its list. A final that is FINISHED already
     * queues its delivery with it.
     *
     * @param owner whose partials they are to be: others are neither locked nor found
     * @param partials in their order; one may be named several times
     * @param assemble makes the row from those of the partials that there are; may refuse by an exception, which is thrown
     *     here after nothing has changed; may be called more than once, on any thread
     * @return the row as it is now
     */
    public Upload createFinal(
            UploadId id, String owner, List<UploadId> partials, Function<Map<UploadId, Upload>, Upload> assemble) {
        Upload row = inFlight.during(id, () -> committed(id, () -> insertFinal(owner, partials, assemble)));
        wakeFor(row);
        return row;
    }

    /** The partials of a final in their order, one that is named twice twice; tombstones included. One statement. */
    public List<Upload> partials(UploadId id) {
        return finals.partials(id);
    }

    /** True while a final that is made of this partial has not been delivered: its bytes are needed. One statement. */
    public boolean isNeeded(UploadId partial) {
        return finals.isNeeded(partial);
    }

    /**
     * Whoever owns it: for the server's own work. One statement; tombstones included. What it tells is durable; inside a
     * {@link RowCommitter#commit} it is what that transaction sees.
     */
    public Optional<Upload> find(UploadId id) {
        Optional<Upload> row = select(id);
        settle(id);
        return row;
    }

    /** As {@link #find(UploadId)}, for this owner: another's upload is not there, and nobody waits for what is written to it. */
    public Optional<Upload> find(UploadId id, String owner) {
        Optional<Upload> row = jdbc.sql(SELECT_OWN)
                .param("id", id.value())
                .param("owner", owner)
                .query(UploadRow::read)
                .optional();
        row.ifPresent(own -> settle(id));
        return row;
    }

    /**
     * As {@link #find(UploadId, String)}, for whoever is about to take the upload's lease, or has it, with a token that nobody
     * was given before. One statement.
     */
    public Optional<GrantedUpload> findForLease(UploadId id, String owner) {
        Optional<GrantedUpload> row = jdbc.sql(SELECT_FOR_LEASE)
                .param("id", id.value())
                .param("owner", owner)
                .query(UploadRow::readGranted)
                .optional();
        row.ifPresent(own -> settle(id));
        return row;
    }

    private void settle(UploadId id) {
        if (committer.showsBeforeDurable() && !TransactionSynchronizationManager.isActualTransactionActive()) {
            inFlight.settle(id);
        }
    }

    /**
     * Records that the bytes up to {@code offset} are durable. Compares id, state RECEIVING, the known offset, the known
     * length and the known lease token; sets offset, {@code leaseToken}, updated_at, expires_at. When {@code offset} is the
     * upload's length the upload becomes FINISHED and its delivery is queued, in the same transaction. A partial is not
     * delivered; instead the finals for which it was the last one become FINISHED with it.
     *
     * @return the row as it is now; empty when somebody else moved it, or has its volume
     * @throws IllegalArgumentException when {@code offset} is below the known one or beyond the length
     */
    public Optional<Upload> advance(Upload known, long offset, long leaseToken) {
        if (offset < known.offset()) {
            throw new IllegalArgumentException(
                    "Upload " + known.id() + " cannot go back from offset " + known.offset() + " to " + offset);
        }
        return move(known, known.length(), offset, leaseToken);
    }

    /**
     * Fixes a deferred length (same comparison as {@link #advance}); finishes the upload when offset is length already.
     * A final that waits for a partial knows its own length as soon as those of all its partials are known.
     *
     * @return the row as it is now; empty when somebody else moved it
     * @throws IllegalArgumentException when the known length is not deferred, or {@code length} is below the known offset
     * @throws FinalTooLargeException when a final that waits for this partial would become too large; nothing has changed
     */
    public Optional<Upload> declareLength(Upload known, long length, long leaseToken) {
        if (!known.isLengthDeferred()) {
            throw new IllegalArgumentException(
                    "Upload " + known.id() + " has the length " + known.length() + " already, not to become " + length);
        }
        return move(known, length, known.offset(), leaseToken);
    }

    /**
     * Any live state to TERMINATED; compares the known state.
     *
     * @return false when somebody was faster: read again
     * @throws PartialInUseException when a final that is not delivered is made of this partial; nothing has changed
     */
    public boolean terminate(Upload known) {
        return known.state().isLive() && inFlight.during(known.id(), () -> terminated(known));
    }

    /**
     * One state to another, with the caller's own statements: runs inside the caller's {@link RowCommitter#commit} and is
     * committed with it. The upload does not expire any more.
     *
     * @return false when the upload is not in the state {@code from}
     * @throws IllegalStateException outside a transaction
     */
    public boolean moveState(UploadId id, UploadState from, UploadState to) {
        if (!TransactionSynchronizationManager.isActualTransactionActive()) {
            throw new IllegalStateException(
                    "The state of upload " + id + " is moved inside a commit, with what goes with it");
        }
        return updateState(id, from, to);
    }

    private Optional<Upload> move(Upload known, @Nullable Long length, long offset, long leaseToken) {
        Upload moved = known.moved(new UploadProgress(length, offset, leaseToken), clock.instant(), expireAfter);
        Optional<Upload> row = inFlight.during(known.id(), write -> moved(known, moved, write));
        row.ifPresent(now -> deliveries.get().moved(known, now));
        return row;
    }

    private Upload committed(UploadId id, Supplier<Upload> insertion) {
        try {
            return committer.commit(insertion);
        } catch (CommitOutcomeUnknownException unknown) {
            return readAfter(unknown, id).orElseThrow(() -> unknown);
        }
    }

    private Optional<Upload> moved(Upload known, Upload moved, Write write) {
        try {
            return committer.commit(() -> update(known, moved, write));
        } catch (CommitOutcomeUnknownException unknown) {
            return outcomeOf(unknown, known, moved);
        }
    }

    private boolean terminated(Upload known) {
        UploadId id = known.id();
        try {
            return committer.commit(() -> {
                finals.requireUnneeded(known);
                return terminateRow(id, known.state());
            });
        } catch (CommitOutcomeUnknownException unknown) {
            Optional<UploadState> now = readAfter(unknown, id).map(Upload::state);
            if (now.equals(Optional.of(known.state()))) {
                throw unknown;
            }
            return now.equals(Optional.of(UploadState.TERMINATED));
        }
    }

    private Optional<Upload> outcomeOf(CommitOutcomeUnknownException unknown, Upload known, Upload moved) {
        Optional<Upload> row = readAfter(unknown, known.id());
        if (row.isPresent() && isAt(known, row.get())) {
            throw unknown;
        }
        return row.filter(now -> isAt(moved, now));
    }

    private static boolean isAt(Upload expected, Upload row) {
        return row.offset() == expected.offset()
                && row.leaseToken() == expected.leaseToken()
                && Objects.equals(row.length(), expected.length());
    }

    /** Reads through the committer, so that what is read is durable: the sync that failed is followed by one that did not. */
    private Optional<Upload> readAfter(CommitOutcomeUnknownException unknown, UploadId id) {
        try {
            return committer.commit(() -> select(id));
        } catch (RuntimeException second) {
            unknown.addSuppressed(second);
            throw unknown;
        }
    }

    private Optional<Upload> select(UploadId id) {
        return jdbc.sql(SELECT).param("id", id.value()).query(UploadRow::read).optional();
    }

    private Upload insert(Upload row) {
        Upload inserted = fenced.insert(row);
        enqueueIfQueued(inserted);
        return inserted;
    }

    private Upload insertFinal(
            String owner, List<UploadId> partials, Function<Map<UploadId, Upload>, Upload> assemble) {
        Upload assembled = assemble.apply(finals.lock(partials, owner));
        Upload row = insert(assembled.created(clock.instant(), expireAfter));
        finals.insertParts(row.id(), partials);
        return row;
    }

    private Optional<Upload> update(Upload known, Upload moved, Write write) {
        if (!fenced.move(known, moved)) {
            return Optional.empty();
        }
        enqueueIfQueued(moved);
        if (moved.state() == UploadState.RECEIVING) {
            deliveries.get().received(known, moved);
        }
        for (FinalRows.Change change : finals.after(known, moved)) {
            write.announce(change.before().id());
            if (fenced.move(change.before(), change.after())) {
                enqueueIfQueued(change.after());
            }
        }
        return Optional.of(moved);
    }

    private boolean updateState(UploadId id, UploadState from, UploadState to) {
        int rows = jdbc.sql(MOVE_STATE)
                .param("id", id.value())
                .param("from", from.name())
                .param("to", to.name())
                .param("now", UploadRow.timestamp(clock.instant()), Types.TIMESTAMP_WITH_TIMEZONE)
                .update();
        return rows == 1;
    }

    private boolean terminateRow(UploadId id, UploadState from) {
        int rows = jdbc.sql(TERMINATE)
                .param("id", id.value())
                .param("from", from.name())
                .param("now", UploadRow.timestamp(clock.instant()), Types.TIMESTAMP_WITH_TIMEZONE)
                .update();
        return rows == 1;
    }

    private void enqueueIfQueued(Upload row) {
        if (row.isQueued()) {
            deliveries.get().enqueue(row);
        }
    }

    /** A partial that is finished may have finished a final. */
    private void wakeFor(Upload row) {
        if (row.state() == UploadState.FINISHED) {
            deliveries.get().wake();
        }
    }
}
