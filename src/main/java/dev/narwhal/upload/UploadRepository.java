package dev.narwhal.upload;

import dev.narwhal.database.CommitOutcomeUnknownException;
import dev.narwhal.database.DatabaseFailures;
import dev.narwhal.database.RowCommitter;
import dev.narwhal.upload.InFlightWrites.Write;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The {@code upload} table. Every change is a compare-and-set: the return value says whether another writer was faster. Every
 * change is told to the {@linkplain UploadListener listeners} in its own transaction, and again after the commit.
 *
 * <p>A change is durable when the method returns. An exception that {@link DatabaseFailures#isUnavailable} recognises has two
 * meanings: nothing was changed, or the commit was cut off and even a second read of the row could not tell
 * the outcome. In both cases the caller reads the row again: the row decides. Safe for any number of threads.
 */
public class UploadRepository {

    private static final String SELECT = "select " + UploadRow.COLUMNS + """
            from upload where id = :id
            """;

    private static final SightStatement SELECT_SEEN = new SightStatement("select " + UploadRow.COLUMNS + """
            from upload where id = :id%s
            """);

    /** Allocates the token of the lease's next holder together with the row, so that it costs no statement of its own. */
    private static final SightStatement SELECT_FOR_LEASE =
            new SightStatement("select nextval('lease_token') as granted, " + UploadRow.COLUMNS + """
            from upload where id = :id%s
            """);

    private final JdbcClient jdbc;
    private final RowCommitter committer;
    private final UploadListeners listeners;
    private final Duration expireAfter;
    private final FinalRows finals;
    private final FencedRows fenced;
    private final StateRows states;
    private final Clock clock;
    private final InFlightWrites inFlight = new InFlightWrites();

    /**
     * @param listeners told of every change, in its transaction and after it
     * @param expireAfter how long an unfinished upload is kept after its creation and after each advance; 0 for ever
     * @param largest maximum bytes of a final upload
     * @param fence says which process may add and move rows
     * @param retention from a delivery until the sweep looks at its row; 0 for never
     */
    public UploadRepository(
            JdbcClient jdbc,
            RowCommitter committer,
            UploadListeners listeners,
            Duration expireAfter,
            long largest,
            RowFence fence,
            Duration retention,
            Clock clock) {
        this.jdbc = jdbc;
        this.committer = committer;
        this.listeners = listeners;
        this.expireAfter = expireAfter;
        this.finals = new FinalRows(jdbc, largest);
        this.fenced = new FencedRows(jdbc, fence, listeners);
        this.states = new StateRows(jdbc, listeners, retention);
        this.clock = clock;
    }

    /**
     * Adds the row, durable when this returns. Sets the expiry and the finishing time.
     * Times are kept to the microsecond. A NUL character in the filename or the content type becomes U+FFFD.
     *
     * @return the row as it is now
     * @throws org.springframework.dao.DuplicateKeyException when the id is taken
     * @throws VolumeLostException when another process owns the volume; nothing has changed
     */
    public Upload create(Upload upload) {
        Upload row = upload.created(clock.instant(), expireAfter);
        Upload created = inFlight.during(row.id(), () -> committed(row.id(), () -> fenced.insert(row)));
        UploadEvent.creationOf(created).forEach(listeners::committed);
        return created;
    }

    /**
     * Adds a final upload in one transaction, durable when this returns. The transaction locks the rows of the partials, so
     * that none of them changes meanwhile, calls {@code assemble}, and adds the final with its list.
     *
     * @param sight of the caller: partials beyond it are neither locked nor found
     * @param partials in their order; one may be named several times
     * @param assemble makes the final's row from the partials that exist. An exception from it refuses the final: nothing has
     *     changed, and this method throws that exception. It may be called more than once, on any thread.
     * @return the row as it is now
     */
    public Upload createFinal(
            UploadId id, Sight sight, List<UploadId> partials, Function<Map<UploadId, Upload>, Upload> assemble) {
        Upload row = inFlight.during(id, () -> committed(id, () -> insertFinal(sight, partials, assemble)));
        UploadEvent.creationOf(row).forEach(listeners::committed);
        return row;
    }

    /**
     * The partials of a final in their order, tombstones included. A partial that the final names twice appears twice. One
     * statement.
     */
    public List<Upload> partials(UploadId id) {
        return finals.partials(id);
    }

    /** True while a final that lists this partial is undelivered, and so needs the partial's bytes. One statement. */
    public boolean isNeeded(UploadId partial) {
        return finals.isNeeded(partial);
    }

    /**
     * For the server's own work: finds the upload of any owner. One statement; tombstones included. The result is durable.
     * Inside a {@link RowCommitter#commit} it is the view of that transaction.
     */
    public Optional<Upload> find(UploadId id) {
        Optional<Upload> row = select(id);
        awaitInFlightWrites(id);
        return row;
    }

    /**
     * As {@link #find(UploadId)}, but finds only what the caller may find. A request for another upload does not wait for
     * writes to it.
     */
    public Optional<Upload> find(UploadId id, Sight sight) {
        Optional<Upload> row = SELECT_SEEN
                .of(jdbc, sight)
                .param("id", id.value())
                .query(UploadRow::read)
                .optional();
        row.ifPresent(own -> awaitInFlightWrites(id));
        return row;
    }

    /**
     * As {@link #find(UploadId, Sight)}, for a caller that holds the upload's lease or is about to take it. Also allocates a
     * new fencing token. One statement.
     */
    public Optional<GrantedUpload> findForLease(UploadId id, Sight sight) {
        Optional<GrantedUpload> row = SELECT_FOR_LEASE
                .of(jdbc, sight)
                .param("id", id.value())
                .query(UploadRow::readGranted)
                .optional();
        row.ifPresent(own -> awaitInFlightWrites(id));
        return row;
    }

    private void awaitInFlightWrites(UploadId id) {
        if (committer.showsBeforeDurable() && !TransactionSynchronizationManager.isActualTransactionActive()) {
            inFlight.awaitWritesOf(id);
        }
    }

    /**
     * Records that the bytes up to {@code offset} are durable. Compares id, state RECEIVING, the known offset, the known length
     * and the known lease token; sets offset, {@code leaseToken}, updated_at, expires_at. When {@code offset} is the upload's
     * length, the upload becomes FINISHED. When a partial finishes, the same transaction finishes the finals whose last missing
     * partial it was.
     *
     * @return the row as it is now; empty when another writer has moved it, or another process owns its volume
     * @throws IllegalArgumentException when {@code offset} is below the known one or beyond the length
     */
    public Optional<Upload> advance(Upload known, long offset, long leaseToken) {
        return advance(known, offset, leaseToken, null);
    }

    /**
     * As {@link #advance(Upload, long, long)}, for the last bytes of a body.
     *
     * @param broken why the body ended before its declared end, told to the listeners in the same transaction; null when it did not
     */
    public Optional<Upload> advance(Upload known, long offset, long leaseToken, @Nullable String broken) {
        if (offset < known.offset()) {
            throw new IllegalArgumentException(
                    "Upload " + known.id() + " cannot go back from offset " + known.offset() + " to " + offset);
        }
        return move(known, known.length(), offset, leaseToken, broken);
    }

    /**
     * Sets a deferred length (same comparison as {@link #advance}); finishes the upload when the offset equals the length
     * already. A final gets its own length as soon as all its partials have theirs.
     *
     * @return the row as it is now; empty when another writer has moved it
     * @throws IllegalArgumentException when the known length is not deferred, or {@code length} is below the known offset
     * @throws FinalTooLargeException when a final that lists this partial would become too large; nothing has changed
     */
    public Optional<Upload> declareLength(Upload known, long length, long leaseToken) {
        if (!known.isLengthDeferred()) {
            throw new IllegalArgumentException(
                    "Upload " + known.id() + " has the length " + known.length() + " already, not to become " + length);
        }
        return move(known, length, known.offset(), leaseToken, null);
    }

    /**
     * Moves any live state to TERMINATED; compares the known row.
     *
     * @return false when another writer was faster: read again
     * @throws PartialInUseException when an undelivered final lists this partial; nothing has changed
     */
    public boolean terminate(Upload known) {
        return terminate(known, () -> {});
    }

    /** As {@link #terminate(Upload)}, with the caller's own statements in the same transaction, after the state has moved. */
    public boolean terminate(Upload known, Runnable statements) {
        if (!known.state().isLive()) {
            return false;
        }
        Optional<UploadEvent> event = inFlight.during(known.id(), () -> terminated(known, statements));
        event.ifPresent(listeners::committed);
        return event.isPresent();
    }

    /**
     * Moves one state to another together with the caller's own statements, both or neither. The upload no longer expires.
     *
     * @param statements run first, in the same transaction; false undoes them, and the state does not move
     * @return false when {@code statements} returned false, or the upload is not in the state {@code from}
     */
    public boolean moveState(UploadId id, UploadState from, UploadState to, BooleanSupplier statements) {
        try {
            UploadEvent event = committer.commit(() -> {
                if (!statements.getAsBoolean()) {
                    throw new RowMovedException();
                }
                return states.move(id, from, to, clock.instant()).orElseThrow(RowMovedException::new);
            });
            listeners.committed(event);
            return true;
        } catch (RowMovedException e) {
            return false;
        }
    }

    /**
     * As {@link #moveState(UploadId, UploadState, UploadState, BooleanSupplier)}, for several uploads in one transaction: all of
     * them, or none.
     *
     * @param known the rows, all in one state and none twice; at least one
     * @param statements run first, in the same transaction; false undoes them, and no state moves
     * @return false when {@code statements} returned false, or an upload is not in its known state
     */
    public boolean moveStates(List<Upload> known, UploadState to, BooleanSupplier statements) {
        try {
            List<UploadEvent> events = committer.commit(() -> {
                if (!statements.getAsBoolean()) {
                    throw new RowMovedException();
                }
                return states.moveAll(known, to, clock.instant()).orElseThrow(RowMovedException::new);
            });
            events.forEach(listeners::committed);
            return true;
        } catch (RowMovedException e) {
            return false;
        }
    }

    /**
     * Tells the listeners that a body of this upload has ended before its declared end. Changes nothing.
     *
     * @param reason as the metric {@code narwhal.bodies.broken} names it
     */
    public void interrupted(Upload known, String reason) {
        listeners.interrupted(known, reason);
    }

    private Optional<Upload> move(
            Upload known, @Nullable Long length, long offset, long leaseToken, @Nullable String broken) {
        Upload moved = known.moved(new UploadProgress(length, offset, leaseToken), clock.instant(), expireAfter);
        Optional<Upload> row = inFlight.during(known.id(), write -> moved(known, moved, broken, write));
        row.ifPresent(now -> listeners.committed(UploadEvent.between(known, now)));
        return row;
    }

    private Upload committed(UploadId id, Supplier<Upload> insertion) {
        try {
            return committer.commit(insertion);
        } catch (CommitOutcomeUnknownException unknown) {
            return readAfter(unknown, id).orElseThrow(() -> unknown);
        }
    }

    private Optional<Upload> moved(Upload known, Upload moved, @Nullable String broken, Write write) {
        try {
            return committer.commit(() -> {
                Optional<Upload> row = update(known, moved, write);
                if (broken != null) {
                    row.ifPresent(now -> listeners.interrupting(now, broken));
                }
                return row;
            });
        } catch (CommitOutcomeUnknownException unknown) {
            return outcomeOf(unknown, known, moved);
        }
    }

    private Optional<UploadEvent> terminated(Upload known, Runnable statements) {
        UploadId id = known.id();
        try {
            return committer.commit(() -> {
                finals.requireNotInUse(known);
                Optional<UploadEvent> event = states.move(known, UploadState.TERMINATED, clock.instant());
                event.ifPresent(moved -> statements.run());
                return event;
            });
        } catch (CommitOutcomeUnknownException unknown) {
            Optional<Upload> now = readAfter(unknown, id);
            if (now.filter(row -> row.state() == known.state()).isPresent()) {
                throw unknown;
            }
            return now.filter(row -> row.state() == UploadState.TERMINATED).map(row -> UploadEvent.between(known, row));
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

    /** Reads through the committer, so that the result is durable: a successful sync follows the failed one. */
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

    private Upload insertFinal(Sight sight, List<UploadId> partials, Function<Map<UploadId, Upload>, Upload> assemble) {
        Upload assembled = assemble.apply(finals.lock(partials, sight));
        Upload row = fenced.insert(assembled.created(clock.instant(), expireAfter));
        finals.insertParts(row.id(), partials);
        return row;
    }

    private Optional<Upload> update(Upload known, Upload moved, Write write) {
        if (!fenced.move(known, moved)) {
            return Optional.empty();
        }
        for (FinalRows.Change change : finals.changesAfter(known, moved)) {
            write.announce(change.before().id());
            boolean unused = fenced.move(change.before(), change.after());
        }
        return Optional.of(moved);
    }
}
