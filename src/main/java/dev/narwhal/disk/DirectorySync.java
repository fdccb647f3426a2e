package dev.narwhal.disk;

import java.io.IOException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Syncs one directory for several threads at once: a sync covers all entries that existed when it began. After a failed
 * sync the kernel may have dropped any of these entries, and reports the next sync as good; so a failure fails every
 * thread whose entry is older than it, also one that asks later.
 */
public final class DirectorySync {

    private final IoWork sync;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ended = lock.newCondition();
    private boolean running;
    private long begun;
    private long completed;
    private volatile long failures;

    /** @param sync syncs the directory; never called by two threads at a time */
    public DirectorySync(IoWork sync) {
        this.sync = sync;
    }

    /** A mark for {@link #sync}; taken before the entry is created. */
    public long mark() {
        return failures;
    }

    /**
     * Returns when a sync that began after this call has succeeded. Waits for the disk, whatever interrupts.
     * @throws IOException when that sync failed, or another one since {@code mark}
     */
    public void sync(long mark) throws IOException {
        if (!awaitOrBegin(mark)) {
            return;
        }
        boolean good = false;
        try {
            sync.run();
            good = true;
        } finally {
            end(good);
        }
    }

    /** True when the caller has to sync, for itself and for those that wait by then. */
    private boolean awaitOrBegin(long mark) throws IOException {
        lock.lock();
        try {
            long mine = begun + 1;
            while (running && completed < mine) {
                ended.awaitUninterruptibly();
            }
            if (failures != mark) {
                throw new IOException("A sync of the directory failed: the entry may be lost");
            }
            if (completed >= mine) {
                return false;
            }
            running = true;
            begun = mine;
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void end(boolean good) {
        lock.lock();
        try {
            running = false;
            completed = begun;
            failures += good ? 0 : 1;
            ended.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
