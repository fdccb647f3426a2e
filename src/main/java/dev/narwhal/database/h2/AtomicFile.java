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
 * A file in which all that is written between two syncs is there after a crash, or nothing of it. H2 needs that. It finds
 * its newest chunk by what stands at both ends of it, which says nothing of the pages between them; and it writes over
 * the chunk that its header still points to. When the power goes in between, it finds pages that cannot be read, or takes
 * an older version for the newest.
 *
 * <p>What is written waits in memory until the next sync. That writes it to a {@link RedoLog}, syncs the log, and only then
 * changes the file. Whoever opens the file next, and has its lock, does again what the log says. So after a sync that has failed
 * the file is not synced any more until then. Whoever gives the lock back in good order empties the log, so that the file can be
 * used without it.
 */
final class AtomicFile extends FileBase {

    /** H2 writes whole blocks of this many bytes, and nothing else. */
    static final int BLOCK = 4096;

    /** So much may wait in blocks, 8 MiB, until the next moment at which H2's file is whole by itself: its header. */
    private static final int MANY_BLOCKS = 2048;

    private static final Logger log = LoggerFactory.getLogger(AtomicFile.class);

    private final FileChannel file;
    private final RedoLog redo;
    private final ReentrantLock lock = new ReentrantLock();

    /** Guarded by the lock, as all below. */
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
     * Nobody else writes to the file from now on, so what the last one left can be finished.
     *
     * @throws ForeignLogException when the log is not the file's; this is closed then
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

    /** Without the lock somebody else may write to the file, so the log is emptied before it is given back. */
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
            giveUp();
            real.release();
        }
    }

    private void giveUp() {
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
            if (at == 0 && waiting.count() > MANY_BLOCKS) {
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
        // Where the last entry is only half done the log must keep it, whatever its length.
        if (redo.mustBegin() && !halfApplied) {
            once(() -> redo.syncFile(file));
            redo.begin(file);
        }
        RedoEntry entry = redo.append(waiting.all(), size, file);
        once(redo::sync);
        halfApplied = true;
        entry.applyTo(file);
        halfApplied = false;
        waiting.clear();
        changed = false;
    }

    private interface Sync {
        void run() throws IOException;
    }

    /** The kernel tells of bytes that it could not write once, and forgets them: a second sync succeeds without them. */
    private void once(Sync sync) throws IOException {
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
            // What is not in the file yet is among what waits.
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

    /** Gives up what was not synced, as a crash does: H2 syncs before it closes, when it means to keep. */
    @Override
    protected void implCloseChannel() throws IOException {
        giveUp();
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
