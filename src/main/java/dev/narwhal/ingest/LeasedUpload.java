package dev.narwhal.ingest;

import dev.narwhal.lease.BodyProgress;
import dev.narwhal.staging.StagedAppend;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An upload as one lease holder has it: the row and the body being received, under one lock.
 *
 * <p>Two kinds of threads use it: the reader of the body, and requests that take the upload over or ask for its
 * offset. The reader never holds the lock while it reads from the client. So another request can record the announced
 * bytes and end the session while the reader is blocked in the socket. Bytes that the reader gets afterwards are
 * {@linkplain UploadOvertakenException refused}.
 *
 * <p>A body with a checksum does not move the offset until the checksum has been verified. Until then HEAD reports
 * the offset at which the body began, and a PATCH at that offset takes the upload over and discards the unverified
 * bytes.
 */
final class LeasedUpload {

    private static final Logger log = LoggerFactory.getLogger(LeasedUpload.class);
    private static final long NOT_YET = -1;
    private static final Duration CATCH_UP_PATIENCE = Duration.ofSeconds(1);

    private final ReentrantLock lock = new ReentrantLock();
    /** HEAD requests wait here for a checkpoint; signalled when there is nothing more to record. */
    private final Condition bodyEnded = lock.newCondition();

    private final UploadId id;
    private final @Nullable String credential;
    private final UnacknowledgedBodies unacknowledged;

    private @Nullable LeasedRow row;
    private @Nullable BodyUnderWay body;
    private volatile long startedAt = NOT_YET;
    private volatile long received = NOT_YET;
    private final ToldOffset told;

    private volatile boolean over;
    private @Nullable BodyLoss endedBy;

    /** @param credential what the request presented, as {@link dev.narwhal.access.Caller#credential} names it */
    LeasedUpload(UploadId id, @Nullable String credential, UnacknowledgedBodies unacknowledged) {
        this.id = id;
        this.credential = credential;
        this.unacknowledged = unacknowledged;
        this.told = new ToldOffset(id, unacknowledged);
    }

    UploadId id() {
        return id;
    }

    @Nullable
    String credential() {
        return credential;
    }

    /** False once it was ended, although its reader may still be blocked in the socket and not know it. */
    boolean isUnderWay() {
        return !over;
    }

    /** @param first a planned row is added with the first record of the body, or by {@link #addIfPlanned} */
    void start(LeasedRow first) {
        lock.lock();
        try {
            row = first;
            startedAt = first.known().offset();
            received = first.known().offset();
        } finally {
            lock.unlock();
        }
    }

    /** False while the database does not have the row of a new upload. */
    boolean isAdded() {
        return locked(() -> !row().isPlanned());
    }

    /** Gives a new upload its row, without bytes, when its body ended before anything of it was recorded. */
    void addIfPlanned() {
        Upload unused = locked(() -> {
            row().addIfPlanned(row().known().offset());
            return row().known();
        });
    }

    Upload known() {
        return locked(() -> row().known());
    }

    private <T> T locked(Supplier<T> step) {
        lock.lock();
        try {
            return step.get();
        } finally {
            lock.unlock();
        }
    }

    boolean overtook(long offset) {
        return unacknowledged.overtook(id, offset);
    }

    /** Without the lock: the caller must not wait for a write in progress. */
    Optional<BodyProgress> progress() {
        long brought = received;
        return brought == NOT_YET ? Optional.empty() : Optional.of(new BodyProgress(startedAt, brought));
    }

    Upload declareLength(long length) {
        return locked(() -> {
            requireCurrent();
            row().declareLength(length);
            return row().known();
        });
    }

    /** Opens the staged file at the row's offset. */
    interface Opener {
        /** True when bytes beyond {@code offset} would be cut off. */
        boolean cutsAt(long offset) throws IOException;

        StagedAppend at(long offset) throws IOException;
    }

    /** @param unverified true when the body has a checksum: nothing is recorded before {@link #record} */
    StagedAppend begin(Opener opener, boolean unverified) throws IOException {
        lock.lock();
        try {
            requireCurrent();
            long offset = row().known().offset();
            if (!row().isPlanned() && opener.cutsAt(offset)) {
                row().claim();
            }
            StagedAppend staged = opener.at(offset);
            body = new BodyUnderWay(staged, row(), unverified);
            return staged;
        } finally {
            lock.unlock();
        }
    }

    /** @throws UploadOvertakenException when another request took the upload over */
    void requireHeld() {
        Upload unused = locked(() -> {
            requireCurrent();
            return row().known();
        });
    }

    ByteBuffer room() throws IOException {
        lock.lock();
        try {
            requireCurrent();
            return body().room();
        } finally {
            lock.unlock();
        }
    }

    void announce(int bytes) throws IOException {
        lock.lock();
        try {
            requireCurrent();
            body().received(bytes);
            received = body().visibleEnd();
        } finally {
            lock.unlock();
        }
    }

    /** One read of staged bytes. */
    interface ReadingBack<T> {
        T next() throws IOException;
    }

    /** Flushes, then reads under the lock, so that no other request truncates the bytes meanwhile. */
    <T> T readBack(ReadingBack<T> step) throws IOException {
        lock.lock();
        try {
            requireCurrent();
            body().flush();
            return step.next();
        } finally {
            lock.unlock();
        }
    }

    /** Records the whole body. The caller has verified its checksum, if it has one. */
    Upload record() throws IOException {
        lock.lock();
        try {
            requireCurrent();
            body().verified();
            body().advance();
            received = body().visibleEnd();
            return row().known();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Records the received bytes of a body that failed for {@code reason}, unless it is unverified. If recording
     * fails, too, that failure is only added to {@code reason}, which the client is told.
     */
    void keep(IOException reason) {
        lock.lock();
        try {
            if (!isOver() && !body().isUnverified()) {
                row().isBroken(BodyLoss.of(reason));
                body().advance();
            }
        } catch (IOException | RuntimeException e) {
            reason.addSuppressed(e);
            log.warn(
                    "upload.bytes-not-recorded upload={} offset={}",
                    id,
                    row().known().offset(),
                    e);
        } finally {
            lock.unlock();
        }
    }

    boolean letGo(Duration patience) throws InterruptedException {
        return letGo(patience, BodyLoss.DISPLACED);
    }

    /**
     * As {@link #letGo(Duration)}, for a reason that the reader is told.
     *
     * @param why {@link BodyLoss#STOPPED} or {@link BodyLoss#REVOKED}
     * @return false when the received bytes could not be recorded in time
     */
    boolean stop(Duration patience, BodyLoss why) {
        try {
            return letGo(patience, why);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private boolean letGo(Duration patience, BodyLoss why) throws InterruptedException {
        return TimedCall.await(patience, call -> handOver(patience, why, call));
    }

    /**
     * Records the received bytes before the lease changes hands: while recording hangs, the holder keeps the upload.
     */
    private boolean handOver(Duration patience, BodyLoss why, TimedCall call) throws InterruptedException {
        if (!lock.tryLock(patience.toNanos(), TimeUnit.NANOSECONDS)) {
            return false;
        }
        try {
            if (!isOver()) {
                recordForSuccessor();
                if (!call.commit()) {
                    return false;
                }
                displace(why);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void recordForSuccessor() {
        try {
            if (body != null && !body.isUnverified()) {
                body.advance();
            }
        } catch (IOException | RuntimeException e) {
            log.warn("upload.takeover-without-last-bytes upload={} offset={}", id, startedAt, e);
        }
    }

    private void displace(BodyLoss why) {
        over = true;
        endedBy = why;
        bodyEnded.signalAll();
        if (body != null) {
            body.discard();
            unacknowledged.ended(id, startedAt, row().known().offset());
        }
    }

    void catchUp() {
        try {
            long asked = System.nanoTime();
            boolean unused = TimedCall.await(CATCH_UP_PATIENCE, call -> checkpointFor(asked));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Waits while bytes keep arriving, or another HEAD has just been answered: an outdated offset would be useless to
     * a client that resumes.
     */
    private boolean checkpointFor(long asked) throws InterruptedException {
        if (!lock.tryLock(CATCH_UP_PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
            return false;
        }
        try {
            while (!isOver() && body != null) {
                long pause = body.checkpointFor(asked);
                if (pause <= 0) {
                    return true;
                }
                long unused = bodyEnded.awaitNanos(pause);
            }
            return true;
        } catch (IOException | RuntimeException e) {
            log.warn("upload.catch-up-failed upload={}", id, e);
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** @param acknowledged true when the client will be told its body's end */
    void end(boolean acknowledged) {
        lock.lock();
        try {
            if (acknowledged) {
                told.acknowledged(row().known().offset());
            } else if (!isOver()) {
                unacknowledged.ended(id, startedAt, row().known().offset());
            }
            if (body != null && !isOver()) {
                body.discard();
            }
            body = null;
            over = true;
            bodyEnded.signalAll();
            // The client may act on its answer before this session gives the lease back. Its next request must be
            // judged by the row, and not by the bytes of a refused body, which no row records.
            received = row().known().offset();
        } finally {
            lock.unlock();
        }
    }

    void told(long offset) {
        told.told(offset);
    }

    /**
     * Why the body ended: the server or another request may have ended it before its reader failed for a reason of
     * its own.
     */
    BodyLoss reasonOf(Throwable failure) {
        return locked(() -> endedBy == null ? BodyLoss.of(failure) : endedBy);
    }

    void close() {
        lock.lock();
        try {
            over = true;
        } finally {
            lock.unlock();
        }
    }

    private LeasedRow row() {
        return Objects.requireNonNull(row, "The session has not read its row");
    }

    private BodyUnderWay body() {
        return Objects.requireNonNull(body, "The session has no body");
    }

    private boolean isOver() {
        return over || row != null && row.isLost();
    }

    private void requireCurrent() {
        if (isOver()) {
            throw BodyLoss.toHolder(endedBy, id, credential);
        }
    }
}
