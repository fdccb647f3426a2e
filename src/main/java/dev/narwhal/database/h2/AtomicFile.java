package dev.narwhal.database.h2;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.util.concurrent.locks.ReentrantLock;
import org.h2.store.fs.FileBase;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file that keeps all writes between two syncs, or none of them, after a crash. H2 needs that. It validates a chunk by its
 * header and footer only, not by its pages, and it may reuse the space of the chunk that the file header still references.
 * After a power cut it could therefore open a chunk with missing pages, or an older version.
 *
 * <p>Writes wait in memory until the next sync. The sync appends them to a {@link RedoLog}, syncs the log, and only then
 * changes the file. The next process that opens the file and gets its lock replays the log. After a failed sync this object
 * therefore does not touch the file again. An owner that releases the lock in good order empties the log, so that the file is
 * usable without it.
 */
final class AtomicFile extends FileBase {

    /** H2 writes only whole blocks of this many bytes. */
    static final int BLOCK = 4096;

    /**
     * 8 MiB in blocks. When more are waiting, the next write of H2's file header flushes them: at that moment H2's file is
     * consistent by itself.
     */
    private static final int MAX_WAITING_BLOCKS = 2048;

    private static final Logger log = LoggerFactory.getLogger(AtomicFile.class);

    private final FileChannel file;
    private final RedoLog redo;
    private final ReentrantLock lock = new ReentrantLock();

    /** Guarded by the lock, like all fields below. */
    private final WaitingBlocks waiting = new WaitingBlocks();

    private long size;
    private boolean owned;
    private boolean changed;
    private boolean halfApplied;
    private @Nullable IOException failedSync;
    private long position;

    AtomicFile(FileChannel file, RedoLog redo) throws IOException {
        this.file = file;
        this.redo = redo;
        this.size = file.size();
    }

    /**
     * From now on nobody else writes to the file, so this process can replay the log that the last owner left.
     *
     * @throws ForeignLogException when the log does not belong to the file; this channel is closed then
     */
    @Override
    public @Nullable FileLock tryLock(long at, long length, boolean shared) throws IOException {
        FileLock taken = file.tryLock(at, length, shared);
        if (taken == null || shared) {
            return taken;
        }
        lock.lock();
        try {
            redo.replay(file);
            size = file.size();
            owned = true;
            return new Ownership(taken);
        } catch (ForeignLogException e) {
            close();
            throw e;
        } finally {
            lock.unlock();
        }
    }

    /** Without the lock another process may write to the file, so the log is emptied before the lock is released. */
    private final class Ownership extends FileLock {

        private final FileLock real;

        Ownership(FileLock real) {
            super(AtomicFile.this, real.position(), real.size(), false);
            this.real = real;
        }

        @Override
        public boolean isValid() {
            return real.isValid();
        }

        @Override
        public void release() throws IOException {
            emptyLog();
            real.release();
        }
    }

    private void emptyLog() {
        lock.lock();
        try {
            if (owned && !halfApplied && failedSync == null) {
                redo.retire(file);
            }
        } catch (IOException e) {
            log.warn("database.log-kept file={} whoever opens it next does again what its log says", file, e);
        } finally {
            owned = false;
            lock.unlock();
        }
    }

    @Override
    public int write(ByteBuffer source, long at) throws IOException {
        int length = source.remaining();
        if (at % BLOCK != 0 || length % BLOCK != 0) {
            throw new IOException("Not whole blocks: " + length + " bytes at " + at);
        }
        lock.lock();
        try {
            waiting.put(at, source);
            size = Math.max(size, at + length);
            changed = true;
            if (at == 0 && waiting.count() > MAX_WAITING_BLOCKS) {
                flush();
            }
            return length;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public FileChannel truncate(long newSize) {
        lock.lock();
        try {
            if (newSize < size) {
                waiting.truncate(newSize);
                size = newSize;
                changed = true;
            }
            return this;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void force(boolean metaData) throws IOException {
        lock.lock();
        try {
            flush();
        } finally {
            lock.unlock();
        }
    }

    private void flush() throws IOException {
        if (!changed) {
            return;
        }
        if (failedSync != null) {
            throw new IOException(
                    "A sync has failed earlier; what it left is known when the file is opened next", failedSync);
        }
        // While the last entry is only partly applied, the log must keep it, however long the log is.
        if (redo.mustBegin() && !halfApplied) {
            syncOnce(() -> redo.syncFile(file));
            redo.begin(file);
        }
        RedoEntry entry = redo.append(waiting.all(), size, file);
        syncOnce(redo::sync);
        halfApplied = true;
        redo.apply(entry, file);
        halfApplied = false;
        waiting.clear();
        changed = false;
    }

    private interface Sync {
        void run() throws IOException;
    }

    /** The kernel reports a failed write once and then forgets the bytes: a second sync would succeed without them. */
    private void syncOnce(Sync sync) throws IOException {
        try {
            sync.run();
        } catch (IOException e) {
            failedSync = e;
            throw e;
        }
    }

    @Override
    public int read(ByteBuffer target, long at) throws IOException {
        lock.lock();
        try {
            int wanted = (int) Math.min(target.remaining(), size - at);
            if (wanted <= 0) {
                return target.hasRemaining() ? -1 : 0;
            }
            ByteBuffer view = target.slice(target.position(), wanted);
            // The blocks that the file lacks are among the waiting ones.
            var unused = FileBytes.read(file, view.duplicate(), at);
            waiting.putInto(view, at);
            target.position(target.position() + wanted);
            return wanted;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        int read = read(target, position);
        position += Math.max(0, read);
        return read;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        int written = write(source, position);
        position += written;
        return written;
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public FileChannel position(long newPosition) {
        position = newPosition;
        return this;
    }

    @Override
    public long size() {
        lock.lock();
        try {
            return size;
        } finally {
            lock.unlock();
        }
    }

    /** Discards unsynced writes, as a crash would. H2 syncs before it closes when it wants to keep them. */
    @Override
    protected void implCloseChannel() throws IOException {
        emptyLog();
        lock.lock();
        try (redo) {
            file.close();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String toString() {
        return AtomicFilePath.SCHEME + ":" + file;
    }
}
