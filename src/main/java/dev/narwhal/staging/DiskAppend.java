package dev.narwhal.staging;

import dev.narwhal.disk.IoWork;
import dev.narwhal.upload.UploadId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One body into one staged file, by whichever path suits it at the moment.
 *
 * <p>Bytes go from the socket into a {@link Segment} and from there to the file when it is full: a direct one on a writer
 * thread while the reader fills the next, any other at once into the page cache, with a sync started behind it every few
 * MiB. A flush writes the received part of the segment that the reader may be filling, waits for what runs behind, and
 * syncs.
 *
 * <p>The lock is this object's own, inside the caller's: a body that was displaced, or whose upload was deleted, is
 * {@linkplain #supersede() fenced off} without asking its caller.
 */
final class DiskAppend implements StagedAppend {

    private static final Logger log = LoggerFactory.getLogger(DiskAppend.class);

    private final UploadId id;
    private final long start;
    private final AppendFile file;
    private final SegmentSource segments;
    private final SpaceGuard space;
    private final Pace pace;
    private final Behind behind;
    private final long syncEvery;
    private final Consumer<DiskAppend> onClose;
    private final ReentrantLock lock = new ReentrantLock();

    private long position;
    private long flushed;
    private long unsynced;
    private @Nullable Segment segment;
    /** True from {@link #buffer()} to {@link #received}: the reader may be writing into the segment. */
    private boolean roomLent;

    private @Nullable Exception failure;
    private boolean superseded;
    private boolean discarded;
    private boolean closed;

    /**
     * @param offset where the body begins; the file ends there
     * @param expectedBytes the body's length; -1 when that is not known
     * @param onClose told once, when the body has been closed
     */
    DiskAppend(
            UploadId id,
            long offset,
            long expectedBytes,
            AppendFile file,
            AppendResources resources,
            Consumer<DiskAppend> onClose) {
        this.id = id;
        this.start = offset;
        this.position = offset;
        this.flushed = offset;
        this.file = file;
        this.segments = resources.segments();
        this.space = resources.space();
        this.pace = new Pace(resources.tuning(), expectedBytes);
        this.syncEvery = resources.tuning().syncEvery();
        this.behind = new Behind(resources.writers());
        this.onClose = onClose;
    }

    @Override
    public ByteBuffer buffer() throws IOException {
        lock.lock();
        try {
            ensureUsable();
            Segment current = roomLent ? segment : suitable(segment);
            if (current == null) {
                current = segments.next(pace, position, file);
            }
            segment = current;
            roomLent = true;
            return current.room();
        } finally {
            lock.unlock();
        }
    }

    /** Takes a large buffer away from a body that has become slow. The reader is not in it: it is asking for room. */
    private @Nullable Segment suitable(@Nullable Segment current) throws IOException {
        if (current == null || !pace.isTooSlowFor(current)) {
            return current;
        }
        attempt(() -> {
            behind.await();
            file.write(current);
        });
        segment = null;
        current.release();
        pace.slowedDown();
        return null;
    }

    @Override
    public void received(int bytes) throws IOException {
        lock.lock();
        try {
            ensureUsable();
            Segment current = segment;
            if (bytes < 0 || (bytes > 0 && (current == null || bytes > current.capacity() - current.filled()))) {
                throw new IllegalArgumentException("Not within the room that was given: " + bytes + " bytes");
            }
            if (bytes == 0 || current == null) {
                return;
            }
            roomLent = false;
            current.received(bytes);
            position += bytes;
            pace.received(bytes);
            if (current.isFull()) {
                pace.filled(current);
                attempt(() -> handOver(current));
            }
        } finally {
            lock.unlock();
        }
    }

    private void handOver(Segment full) throws IOException {
        if (full.isDirect()) {
            behind.start(() -> writeAndRelease(full));
        } else {
            writeAndRelease(full);
            unsynced += full.capacity();
            syncBehind();
        }
        segment = null;
    }

    private void writeAndRelease(Segment full) throws IOException {
        try {
            file.write(full);
        } finally {
            full.release();
        }
    }

    private void syncBehind() throws IOException {
        if (file.isSynced() && unsynced >= syncEvery && behind.isIdle()) {
            unsynced = 0;
            behind.start(file::sync);
        }
    }

    @Override
    public long position() {
        lock.lock();
        try {
            return position;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long flush() throws IOException {
        lock.lock();
        try {
            ensureUsable();
            if (flushed < position) {
                attempt(this::writeAndSync);
                flushed = position;
            }
            return position;
        } finally {
            lock.unlock();
        }
    }

    private void writeAndSync() throws IOException {
        behind.await();
        if (segment != null) {
            file.write(segment);
        }
        file.sync();
        unsynced = 0;
    }

    /**
     * Fences this body off: its upload has another one, or is gone. Returns when nothing of it is being written any more,
     * and nothing will be. What the reader may be filling stays its own until {@link #close()}.
     */
    void supersede() {
        lock.lock();
        try {
            superseded = true;
            awaitQuietly();
            file.close();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void discard() throws IOException {
        lock.lock();
        try {
            if (closed || superseded) {
                return;
            }
            discarded = true;
            awaitQuietly();
            file.cut(start);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            awaitQuietly();
            if (segment != null) {
                segment.release();
            }
            file.close();
        } finally {
            lock.unlock();
        }
        onClose.accept(this);
    }

    /** A failure that nobody has asked for yet concerns only bytes that nobody was told are durable. */
    private void awaitQuietly() {
        try {
            behind.await();
        } catch (IOException e) {
            failure = failure == null ? e : failure;
        }
    }

    private void ensureUsable() throws IOException {
        if (closed || superseded || discarded) {
            throw new IOException(
                    "Upload " + id + ": this body is over" + (superseded ? ", displaced by another" : ""));
        }
        if (failure != null) {
            throw failed(failure);
        }
        attempt(behind::check);
    }

    /** A write or sync that fails ends the body: what the disk has kept of it cannot be known. */
    private void attempt(IoWork work) throws IOException {
        try {
            work.run();
        } catch (IOException | RuntimeException e) {
            if (failure == null && SpaceGuard.isTooLargeAFile(e)) {
                log.warn(
                        "staging.file-too-large upload={} after={} the file system has no larger file, or a limit (ulimit -f) forbids it",
                        id,
                        flushed);
            }
            failure = e;
            throw failed(e);
        }
    }

    private IOException failed(Exception cause) {
        IOException failed = asItIs(cause);
        failed.initCause(cause);
        return failed;
    }

    private IOException asItIs(Exception cause) {
        if (SpaceGuard.isTooLargeAFile(cause)) {
            return new StagedFileTooLargeException(
                    "Upload " + id + " is larger than a file of this file system can be");
        }
        return space.isOutOfSpace(cause)
                ? new StagingFullException("Upload " + id + ": the disk is full")
                : new IOException("Upload " + id + " cannot be written: " + cause.getMessage());
    }
}
