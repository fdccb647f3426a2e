package dev.narwhal.ingest;

import dev.narwhal.lease.Lease;
import dev.narwhal.lease.LeaseHolder;
import dev.narwhal.staging.StagedAppend;
import dev.narwhal.staging.StagingFullException;
import dev.narwhal.staging.StagingStore;
import dev.narwhal.upload.DatabaseFailures;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadId;
import dev.narwhal.upload.UploadRepository;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request that holds an upload's lease and may append one body.
 *
 * <p>The reader fills a buffer from the socket without the lock; whatever it has announced under the lock is the body so
 * far. So somebody else may record that much and end the session ({@link #letGo}) while the reader is blocked in the
 * socket for another minute: the lock is never held across a read of the body. Bytes that the reader brings after that
 * find {@link #over} set and go nowhere.
 */
public final class AppendSession implements LeaseHolder, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(AppendSession.class);
    private static final long NOT_YET = -1;
    private static final Duration CATCH_UP_PAUSE = Duration.ofMillis(250);
    private static final Duration CATCH_UP_PATIENCE = Duration.ofSeconds(1);

    private final ReentrantLock lock = new ReentrantLock();
    private final UploadId id;
    private final UploadRepository uploads;
    private final StagingStore staging;
    private final UnacknowledgedBodies unacknowledged;

    private @Nullable Lease lease;
    private @Nullable Upload upload;
    private @Nullable StagedAppend bytes;
    private @Nullable Checkpoints checkpoints;
    private long token;
    private volatile boolean letIn;
    private volatile long startedAt = NOT_YET;
    private volatile long received = NOT_YET;
    private boolean over;

    AppendSession(UploadId id, UploadRepository uploads, StagingStore staging, UnacknowledgedBodies unacknowledged) {
        this.id = id;
        this.uploads = uploads;
        this.staging = staging;
        this.unacknowledged = unacknowledged;
    }

    UploadId id() {
        return id;
    }

    void hold(Lease granted) {
        lease = granted;
    }

    void start(Upload row) {
        letIn();
        lock.lock();
        try {
            upload = row;
            token = row.leaseToken() + 1;
            startedAt = row.offset();
            received = row.offset();
        } finally {
            lock.unlock();
        }
    }

    /** From here on the upload does not expire before the session has ended. */
    void letIn() {
        letIn = true;
    }

    /** False for a request that has the lease and may still be refused. */
    boolean isWriting() {
        return letIn;
    }

    /** False once somebody else has taken the upload over: its row may not be what this session knows any more. */
    public boolean isCurrent() {
        return lease != null && lease.isHeld();
    }

    /** The row as this session knows it. */
    public Upload upload() {
        lock.lock();
        try {
            return known();
        } finally {
            lock.unlock();
        }
    }

    /** True when another request had to let go for this one. */
    public boolean isTakenOver() {
        return lease != null && lease.isTakenOver();
    }

    /**
     * Below where this body began, or beyond what it has brought: wrong. In between: overtaken, recorded or not. A body that
     * has not begun may make anything right.
     */
    OffsetVerdict judge(long offset) {
        long brought = received;
        if (brought == NOT_YET || offset == brought) {
            return OffsetVerdict.POSSIBLE;
        }
        boolean passed = offset >= startedAt && offset < brought;
        return passed || unacknowledged.overtook(id, offset) ? OffsetVerdict.OVERTAKEN : OffsetVerdict.WRONG;
    }

    /**
     * Fixes a deferred length, durable when this returns; finishes the upload when all its bytes are there already.
     *
     * @throws UploadOvertakenException when somebody else moved the upload
     */
    public Upload declareLength(long length) {
        lock.lock();
        try {
            requireCurrent();
            upload = uploads.declareLength(known(), length, token).orElseThrow(() -> new UploadOvertakenException(id));
            return known();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Appends the body at the row's offset. However the body ends, what was received is durable and recorded when this
     * returns or throws, unless the exception is about storage or database.
     *
     * @param limit the offset beyond which no byte is taken: the upload's length, or the largest size allowed
     * @return the row after the body; complete when this was the last byte
     * @throws BodyInterruptedException when the rest of the body did not come
     * @throws BodyTooLargeException when there was more than {@code limit} allows; the bytes up to it are kept
     * @throws StagingFullException when there was no more room; the bytes up to there are kept
     * @throws UploadOvertakenException when another request took the upload over
     * @throws IOException when a write or sync failed; the row stays where it was last recorded
     */
    public Upload receive(ChunkSource body, long limit) throws IOException {
        if (body.announcedBytes() == 0 || upload().state().isComplete()) {
            return receiveNothing(body);
        }
        boolean acknowledged = false;
        try (StagedAppend staged = begin(body)) {
            Upload after = drain(body, staged, limit);
            acknowledged = true;
            return after;
        } finally {
            end(acknowledged);
        }
    }

    /** The staged file may be gone (delivered), and there is nothing to append: only look that it stays so. */
    private Upload receiveNothing(ChunkSource body) throws IOException {
        if (body.announcedBytes() != 0 && body.read(ByteBuffer.allocate(1)) > 0) {
            throw new BodyTooLargeException(upload().offset());
        }
        return upload();
    }

    private StagedAppend begin(ChunkSource body) throws IOException {
        lock.lock();
        try {
            requireCurrent();
            long offset = known().offset();
            StagedAppend staged = staging.append(id, offset, body.announcedBytes());
            bytes = staged;
            checkpoints = new Checkpoints(offset, System::nanoTime);
            return staged;
        } finally {
            lock.unlock();
        }
    }

    private Upload drain(ChunkSource body, StagedAppend staged, long limit) throws IOException {
        try {
            fill(body, staged, limit);
        } catch (BodyInterruptedException | BodyTooLargeException | StagingFullException e) {
            keep(e);
            throw e;
        }
        return record();
    }

    private void fill(ChunkSource body, StagedAppend staged, long limit) throws IOException {
        while (staged.position() < limit) {
            ByteBuffer room = room(staged);
            if (room.remaining() > limit - staged.position()) {
                room.limit(room.position() + (int) (limit - staged.position()));
            }
            int read = body.read(room);
            if (read < 0) {
                return;
            }
            announce(staged, read);
        }
        if (body.read(ByteBuffer.allocate(1)) > 0) {
            throw new BodyTooLargeException(limit);
        }
    }

    /** A duplicate: the container's read leaves position and limit as it likes. */
    private ByteBuffer room(StagedAppend staged) throws IOException {
        lock.lock();
        try {
            requireCurrent();
            return staged.buffer().duplicate();
        } finally {
            lock.unlock();
        }
    }

    private void announce(StagedAppend staged, int read) throws IOException {
        lock.lock();
        try {
            requireCurrent();
            staged.received(read);
            received = staged.position();
            if (checkpoints().isDue(staged.position())) {
                checkpoint();
            }
        } finally {
            lock.unlock();
        }
    }

    /** With the database away the body goes on: its bytes are durable, and its end or a later checkpoint records them. */
    private void checkpoint() throws IOException {
        try {
            advance();
        } catch (RuntimeException e) {
            if (!DatabaseFailures.isUnavailable(e)) {
                throw e;
            }
            checkpoints().postpone();
            log.warn("upload.checkpoint-postponed id={} reason=\"{}\"", id, e.getMessage());
        }
    }

    /** The body's end as the client asked for it. */
    private Upload record() throws IOException {
        lock.lock();
        try {
            requireCurrent();
            advance();
            return known();
        } finally {
            lock.unlock();
        }
    }

    /** The body's end for another reason: keep what came, and let that reason be the one that is told. */
    private void keep(IOException reason) {
        lock.lock();
        try {
            if (!over) {
                advance();
            }
        } catch (IOException | RuntimeException e) {
            reason.addSuppressed(e);
            log.warn("upload.bytes-not-recorded id={} offset={}", id, known().offset(), e);
        } finally {
            lock.unlock();
        }
    }

    /** Bytes first, then the row. Under the lock. */
    private void advance() throws IOException {
        StagedAppend staged = bytes;
        if (staged == null) {
            return;
        }
        long durable = staged.flush();
        if (durable != known().offset()
                || known().isFinishedBy(durable) && !known().state().isComplete()) {
            upload = uploads.advance(known(), durable, token).orElseGet(() -> advanceAgain(durable));
        }
        checkpoints().done(durable);
    }

    /**
     * The comparison failed. If an answer of the database was lost earlier, the row may have moved by our own hand: it
     * carries our token then, and we go on from it. Otherwise somebody else has the upload.
     */
    private Upload advanceAgain(long durable) {
        Upload row = uploads.find(id).orElseThrow(() -> new UploadOvertakenException(id));
        if (row.leaseToken() == token && row.offset() == durable) {
            return row;
        }
        if (row.leaseToken() != token || row.offset() > durable || !Objects.equals(row.state(), known().state())) {
            over = true;
            throw new UploadOvertakenException(id);
        }
        return uploads.advance(row, durable, token).orElseThrow(() -> new UploadOvertakenException(id));
    }

    @Override
    public boolean letGo(Duration patience) throws InterruptedException {
        if (!lock.tryLock(patience.toNanos(), TimeUnit.NANOSECONDS)) {
            return false;
        }
        try {
            if (!over) {
                over = true;
                recordForSuccessor();
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void recordForSuccessor() {
        try {
            advance();
        } catch (IOException | RuntimeException e) {
            log.warn("upload.takeover-without-last-bytes id={} offset={}", id, startedAt, e);
        }
        if (upload != null && bytes != null) {
            unacknowledged.ended(id, startedAt, upload.offset());
        }
    }

    @Override
    public void catchUp() {
        try {
            if (!lock.tryLock(CATCH_UP_PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        try {
            if (!over && checkpoints != null && checkpoints.isQuietFor(CATCH_UP_PAUSE)) {
                advance();
            }
        } catch (IOException | RuntimeException e) {
            log.warn("upload.catch-up-failed id={}", id, e);
        } finally {
            lock.unlock();
        }
    }

    private void end(boolean acknowledged) {
        lock.lock();
        try {
            if (acknowledged) {
                unacknowledged.acknowledged(id);
            } else if (!over) {
                unacknowledged.ended(id, startedAt, known().offset());
            }
            bytes = null;
            over = true;
        } finally {
            lock.unlock();
        }
    }

    /** Ends the session and gives the lease back. */
    @Override
    public void close() {
        lock.lock();
        try {
            over = true;
        } finally {
            lock.unlock();
        }
        if (lease != null) {
            lease.close();
        }
    }

    private Upload known() {
        return Objects.requireNonNull(upload, "The session has not read its row");
    }

    private Checkpoints checkpoints() {
        return Objects.requireNonNull(checkpoints, "The session has no body");
    }

    private void requireCurrent() {
        if (over) {
            throw new UploadOvertakenException(id);
        }
    }
}
