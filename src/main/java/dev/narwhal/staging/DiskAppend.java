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
 * Writes one body into one staged file, buffered or by direct I/O.
 *
 * <p>Bytes go from the socket into a {@link Segment}, and a full segment goes to the file. A writer thread writes
 * direct segments, of which a few may wait, while the reader fills the next one. Any other segment goes into the page
 * cache at once, and a sync starts in the background every few MiB. A flush waits for background work, writes the received part of the current
 * segment, which the reader may still be filling, and syncs.
 *
 * <p>This object has its own lock, inside the caller's. So the store can {@linkplain #supersede() fence off} a body
 * that was displaced, or whose upload was deleted, without the caller's lock.
 */
final class DiskAppend implements StagedAppend {

    private static final Logger log = LoggerFactory.getLogger(DiskAppend.class);

    private final UploadId id;
    private final long start;
    private final AppendFile file;
    private final SegmentSource segments;
    private final SpaceBudget space;
    private final BufferPolicy policy;
    private final WriteBehind writeBehind;
    private final long syncEvery;
    private final Consumer<DiskAppend> onClose;
    private final ReentrantLock lock = new ReentrantLock();

    private long position;
    /** The end of the bytes that count as durable: a row may have recorded them. */
    private long durable;
    /** The end of the bytes that the last good sync in the background has covered. */
    private volatile long synced;

    private long unsynced;
    private @Nullable Segment segment;
    /** True from {@link #buffer()} to {@link #received}: the reader may be writing into the segment. */
    private boolean roomLent;

    private @Nullable Throwable failure;
    private boolean superseded;
    private boolean discarded;
    private boolean closed;

    /**
     * @param offset where the body begins; the file ends there
     * @param expectedBytes the body's length; -1 when that is not known
     * @param fast whether the upload's last body was fast
     * @param onClose called once, after the body is closed
     */
    DiskAppend(
            UploadId id,
            long offset,
            long expectedBytes,
            boolean fast,
            AppendFile file,
            AppendResources resources,
            Consumer<DiskAppend> onClose) {
        this.id = id;
        this.start = offset;
        this.position = offset;
        this.durable = offset;
        this.synced = offset;
        this.file = file;
        this.segments = resources.segments();
        this.space = resources.space();
        this.policy = new BufferPolicy(resources.tuning(), expectedBytes, fast);
        this.syncEvery = resources.tuning().syncEvery();
        this.writeBehind = new WriteBehind(resources.writers());
        this.onClose = onClose;
    }

    @Override
    public ByteBuffer buffer() throws IOException {
        lock.lock();
        try {
            ensureUsable();
            Segment current = roomLent ? segment : suitable(segment);
            if (current == null) {
                current = segments.next(policy, position, file);
            }
            segment = current;
            roomLent = true;
            return current.room();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes a large buffer away from a body that has become slow. The reader does not use it now, because it is asking
     * for space.
     */
    private @Nullable Segment suitable(@Nullable Segment current) throws IOException {
        if (current == null || !policy.isTooSlowFor(current)) {
            return current;
        }
        attempt(() -> {
            writeBehind.await();
            file.write(current);
        });
        segment = null;
        current.release();
        policy.downgraded();
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
            policy.received(bytes);
            if (current.isFull()) {
                policy.filled(current);
                attempt(() -> handOver(current));
            }
        } finally {
            lock.unlock();
        }
    }

    private void handOver(Segment full) throws IOException {
        if (full.isDirect()) {
            writeBehind.start(new SegmentWrite(full), segments.writesBehind());
        } else {
            writeAndRelease(full);
            unsynced += full.capacity();
            syncInBackground();
        }
        segment = null;
    }

    private final class SegmentWrite implements WriteBehind.Work {

        private final Segment full;

        SegmentWrite(Segment full) {
            this.full = full;
        }

        @Override
        public void run() throws IOException {
            writeAndRelease(full);
        }

        @Override
        public void skip() {
            full.release();
        }
    }

    private void writeAndRelease(Segment full) throws IOException {
        try {
            file.write(full);
        } finally {
            full.release();
        }
    }

    private void syncInBackground() throws IOException {
        if (file.isSynced() && unsynced >= syncEvery && writeBehind.isIdle()) {
            syncBeside();
        }
    }

    /**
     * The bytes of the segment that is being filled are not covered. Does nothing where no others are new: then the file
     * may not be there yet, and only the first write may create it.
     */
    private void syncBeside() throws IOException {
        Segment filling = segment;
        long end = filling == null || filling.isFull() ? position : position - filling.filled();
        if (end <= Math.max(durable, synced)) {
            return;
        }
        boolean started = writeBehind.startBeside(() -> {
            file.sync();
            synced = end;
        });
        unsynced = started ? 0 : unsynced;
    }

    @Override
    public void startSync() throws IOException {
        lock.lock();
        try {
            ensureUsable();
            attempt(this::syncBeside);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long durable() {
        lock.lock();
        try {
            long end = synced;
            // Asked after the read: a sync that ends later than a failure moves nothing.
            if (!isOver() && failure == null && !writeBehind.hasFailed()) {
                durable = Math.max(durable, end);
            }
            return durable;
        } finally {
            lock.unlock();
        }
    }

    UploadId id() {
        return id;
    }

    /** Whether the body is fast, or was at its end. */
    boolean isFast() {
        lock.lock();
        try {
            return policy.isFast();
        } finally {
            lock.unlock();
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
            if (durable < position) {
                attempt(this::writeAndSync);
                durable = position;
            }
            return position;
        } finally {
            lock.unlock();
        }
    }

    private void writeAndSync() throws IOException {
        writeBehind.await();
        file.writeAndSync(segment);
        unsynced = 0;
    }

    /**
     * Fences this body off, because its upload has a newer body or is deleted. After the return no write of this body
     * is running and none will start. The reader keeps the buffer that it may be filling until {@link #close()}.
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
            file.truncate(start);
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

    /** An unreported failure concerns only bytes that no flush has reported as durable. */
    private void awaitQuietly() {
        try {
            writeBehind.await();
        } catch (IOException e) {
            failure = failure == null ? e : failure;
        }
    }

    private boolean isOver() {
        return closed || superseded || discarded;
    }

    private void ensureUsable() throws IOException {
        if (isOver()) {
            throw new IOException(
                    "Upload " + id + ": this body is over" + (superseded ? ", displaced by another" : ""));
        }
        if (failure != null) {
            throw failed(failure);
        }
        attempt(writeBehind::check);
    }

    /**
     * A failed write or sync ends the body, because nobody can know which bytes the disk has kept. So does an error, such
     * as a thread that cannot be had: the segment may be back in its pool.
     */
    private void attempt(IoWork work) throws IOException {
        try {
            work.run();
        } catch (IOException | RuntimeException | Error e) {
            if (failure == null && SpaceBudget.isTooLargeAFile(e)) {
                log.warn(
                        "staging.file-too-large upload={} after={} the file system has no larger file, or a limit (ulimit -f) forbids it",
                        id,
                        durable);
            }
            failure = e;
            throw failed(e);
        }
    }

    private IOException failed(Throwable cause) {
        IOException failed = translated(cause);
        failed.initCause(cause);
        return failed;
    }

    private IOException translated(Throwable cause) {
        if (SpaceBudget.isTooLargeAFile(cause)) {
            return new StagedFileTooLargeException(
                    "Upload " + id + " is larger than a file of this file system can be");
        }
        return space.isOutOfSpace(cause)
                ? new StagingFullException("Upload " + id + ": the disk is full")
                : new IOException("Upload " + id + " cannot be written: " + cause.getMessage());
    }
}
