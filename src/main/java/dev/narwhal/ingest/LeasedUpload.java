package dev.narwhal.ingest;

import dev.narwhal.lease.BodyProgress;
import dev.narwhal.staging.StagedAppend;
import dev.narwhal.upload.GrantedUpload;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadId;
import dev.narwhal.upload.UploadRepository;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An upload in the hands of one holder of its lease: the row, and the body under way, under one lock.
 *
 * <p>Two parties meet here: the reader of the body, and those who wait for it or ask how far it is. The reader never holds
 * the lock while it reads from the client, so the others can record what has been announced, and end it all, while it is
 * blocked in the socket for another minute. What it brings after that is {@linkplain UploadOvertakenException refused}.
 *
 * <p>A body that is to be verified moves nothing until it was: whoever asks is told the offset at which it began, and
 * whoever comes with that offset takes the upload over, and the body's bytes go.
 */
final class LeasedUpload {

    private static final Logger log = LoggerFactory.getLogger(LeasedUpload.class);
    private static final long NOT_YET = -1;
    private static final long NOBODY = Long.MAX_VALUE;
    private static final Duration CATCH_UP_PATIENCE = Duration.ofSeconds(1);

    private final ReentrantLock lock = new ReentrantLock();
    /** For those who wait for what has come to be recorded: signalled when there is nothing more to record. */
    private final Condition turn = lock.newCondition();

    private final UploadId id;
    private final UploadRepository uploads;
    private final UnacknowledgedBodies unacknowledged;
    private final IngestMetrics metrics;

    private @Nullable LeasedRow row;
    private @Nullable BodyUnderWay body;
    private volatile long startedAt = NOT_YET;
    private volatile long received = NOT_YET;
    /** The lowest offset that a client was told since the body began. */
    private final AtomicLong told = new AtomicLong(NOBODY);
    /** Where the body ended whose client was answered. */
    private volatile long acknowledgedAt = NOT_YET;

    private boolean over;
    private @Nullable BodyLoss endedBy;

    LeasedUpload(UploadId id, UploadRepository uploads, UnacknowledgedBodies unacknowledged, IngestMetrics metrics) {
        this.id = id;
        this.uploads = uploads;
        this.unacknowledged = unacknowledged;
        this.metrics = metrics;
    }

    UploadId id() {
        return id;
    }

    void start(GrantedUpload granted) {
        lock.lock();
        try {
            row = new LeasedRow(granted, uploads, metrics);
            startedAt = granted.upload().offset();
            received = granted.upload().offset();
        } finally {
            lock.unlock();
        }
    }

    Upload known() {
        lock.lock();
        try {
            return row().known();
        } finally {
            lock.unlock();
        }
    }

    boolean overtook(long offset) {
        return unacknowledged.overtook(id, offset);
    }

    /** Without the lock: whoever asks must not wait for a write in progress. */
    Optional<BodyProgress> progress() {
        long brought = received;
        return brought == NOT_YET ? Optional.empty() : Optional.of(new BodyProgress(startedAt, brought));
    }

    Upload declareLength(long length) {
        lock.lock();
        try {
            requireCurrent();
            row().declareLength(length);
            return row().known();
        } finally {
            lock.unlock();
        }
    }

    /** Opens the staged file at the offset where the row is. */
    interface Opener {
        /** True when bytes beyond {@code offset} would be cut off. */
        boolean cutsAt(long offset) throws IOException;

        StagedAppend at(long offset) throws IOException;
    }

    /** @param withheld true when nothing is to be recorded before {@link #record} */
    StagedAppend begin(Opener opener, boolean withheld) throws IOException {
        lock.lock();
        try {
            requireCurrent();
            long offset = row().known().offset();
            if (opener.cutsAt(offset)) {
                row().claim();
            }
            StagedAppend staged = opener.at(offset);
            body = new BodyUnderWay(staged, row(), withheld);
            return staged;
        } finally {
            lock.unlock();
        }
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
            received = body().visible();
        } finally {
            lock.unlock();
        }
    }

    /** One step of reading back what is staged. */
    interface ReadingBack<T> {
        T next() throws IOException;
    }

    /** Under the lock, so that nobody cuts off what is being read; flushes first. */
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

    /** The body's end as the client asked for it, verified where that was required. */
    Upload record() throws IOException {
        lock.lock();
        try {
            requireCurrent();
            body().verified();
            body().advance();
            received = body().visible();
            return row().known();
        } finally {
            lock.unlock();
        }
    }

    /** The body's end for another reason: keep what counts of it, and let that reason be the one that is told. */
    void keep(IOException reason) {
        lock.lock();
        try {
            if (!isOver() && !body().isWithheld()) {
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
     * The server is being stopped: as {@link #letGo(Duration)}, and the reader hears why.
     *
     * @return false when what has come could not be recorded in time
     */
    boolean stop(Duration patience) {
        try {
            return letGo(patience, BodyLoss.STOPPED);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private boolean letGo(Duration patience, BodyLoss why) throws InterruptedException {
        return Impatience.await(patience, waiter -> handOver(patience, why, waiter));
    }

    /** What has come is recorded first: as long as that hangs, whoever has the upload keeps it. */
    private boolean handOver(Duration patience, BodyLoss why, Impatience waiter) throws InterruptedException {
        if (!lock.tryLock(patience.toNanos(), TimeUnit.NANOSECONDS)) {
            return false;
        }
        try {
            if (!isOver()) {
                recordForSuccessor();
                if (!waiter.take()) {
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
            if (body != null && !body.isWithheld()) {
                body.advance();
            }
        } catch (IOException | RuntimeException e) {
            log.warn("upload.takeover-without-last-bytes upload={} offset={}", id, startedAt, e);
        }
    }

    private void displace(BodyLoss why) {
        over = true;
        endedBy = why;
        turn.signalAll();
        if (body != null) {
            body.discard();
            unacknowledged.ended(id, startedAt, row().known().offset());
        }
    }

    void catchUp() {
        try {
            long asked = System.nanoTime();
            boolean unused = Impatience.await(CATCH_UP_PATIENCE, waiter -> catchUpWith(asked));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Who asks while bytes still come, or soon after another, waits: an offset that was overtaken would be of no use. */
    private boolean catchUpWith(long asked) throws InterruptedException {
        if (!lock.tryLock(CATCH_UP_PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
            return false;
        }
        try {
            while (!isOver() && body != null) {
                long pause = body.catchUp(asked);
                if (pause <= 0) {
                    return true;
                }
                long unused = turn.awaitNanos(pause);
            }
            return true;
        } catch (IOException | RuntimeException e) {
            log.warn("upload.catch-up-failed upload={}", id, e);
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** @param acknowledged true when the client will be told how far its body came */
    void end(boolean acknowledged) {
        lock.lock();
        try {
            if (acknowledged) {
                acknowledge(row().known().offset());
            } else if (!isOver()) {
                unacknowledged.ended(id, startedAt, row().known().offset());
            }
            if (body != null && !isOver()) {
                body.discard();
            }
            body = null;
            over = true;
            turn.signalAll();
            // The answer may be out before the lease is back: whoever acts on it is judged by what the row says, and
            // not by bytes of a refused body that nothing records.
            received = row().known().offset();
        } finally {
            lock.unlock();
        }
    }

    /**
     * A client was told this offset. It may be the body's own, which has given this connection up and comes back with that
     * offset, while the rest of the body arrives from a buffer on its way and is acknowledged to nobody.
     */
    void told(long offset) {
        told.accumulateAndGet(offset, Math::min);
        rememberWhatWasTold();
    }

    private void acknowledge(long end) {
        if (told.get() >= end) {
            unacknowledged.acknowledged(id);
        }
        acknowledgedAt = end;
        rememberWhatWasTold();
    }

    /** By whoever comes second: the body may have ended between the row that was read and the answer that was given. */
    private void rememberWhatWasTold() {
        long end = acknowledgedAt;
        if (end != NOT_YET && told.get() < end) {
            unacknowledged.ended(id, told.get(), end);
        }
    }

    /** Why the body ended: somebody else may have ended it before its reader failed for a reason of its own. */
    BodyLoss reasonOf(Throwable failure) {
        lock.lock();
        try {
            return endedBy == null ? BodyLoss.of(failure) : endedBy;
        } finally {
            lock.unlock();
        }
    }

    /** The body has ended before its time; the lock is not held while the listeners are told. */
    void interrupted(BodyLoss reason) {
        uploads.interrupted(known(), reason.label());
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
            throw endedBy == BodyLoss.STOPPED ? new ServerStoppingException(id) : new UploadOvertakenException(id);
        }
    }
}
