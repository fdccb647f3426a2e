package dev.narwhal.staging;

import dev.narwhal.disk.IoWork;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The file work of one body in the background: writes in the order of their positions, one at a time, and beside them
 * one sync at a time. After a failure no further work runs, so that no byte is written behind a hole, and each later call
 * throws that failure. Work that gets no thread has failed. Waiting ignores interrupts: the work ends when the disk
 * answers. One thread at a time may start work.
 */
final class WriteBehind {

    /** A piece of work that is told when it will not run. */
    interface Work extends IoWork {

        /** Called instead of {@link #run()} after an earlier failure. */
        default void skip() {}
    }

    private final Executor writers;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ended = lock.newCondition();
    /** Null until there is work: most bodies have none. */
    private @Nullable ArrayDeque<Work> queue;

    private boolean draining;
    private int pending;
    /** True while a sync waits or runs; it counts as pending. */
    private boolean beside;

    private volatile @Nullable Throwable failure;

    WriteBehind(Executor writers) {
        this.writers = writers;
    }

    boolean isIdle() {
        lock.lock();
        try {
            return pending == 0;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Starts the work after all earlier work. Waits while {@code most} pieces are still to be done.
     *
     * @param most at least 1
     * @throws IOException when earlier work failed, or no thread can be had; then this is skipped
     */
    void start(Work work, int most) throws IOException {
        try {
            await(most - 1);
        } catch (IOException e) {
            work.skip();
            throw e;
        }
        if (enqueue(work)) {
            drainElsewhere();
        }
    }

    private void drainElsewhere() throws IOException {
        try {
            writers.execute(this::drain);
        } catch (RuntimeException | Error e) {
            failed(e);
            drain();
            check();
        }
    }

    /**
     * Starts the work when all earlier work is done; later work does not wait for it.
     *
     * <p>Two syncs must not overlap: they share a file descriptor, and the kernel reports a lost write to only one of
     * them.
     * @return false when work that was started so is not done yet; then this is not started
     * @throws IOException when earlier work failed, or no thread can be had
     */
    boolean startBeside(IoWork work) throws IOException {
        check();
        if (!beginBeside()) {
            return false;
        }
        start(new Beside(work), Integer.MAX_VALUE);
        return true;
    }

    private final class Beside implements Work {

        private final IoWork work;

        Beside(IoWork work) {
            this.work = work;
        }

        @Override
        public void run() {
            try {
                writers.execute(() -> endBeside(thrownBy(work)));
            } catch (RuntimeException | Error e) {
                endBeside(e);
            }
        }

        @Override
        public void skip() {
            endBeside(null);
        }
    }

    private boolean beginBeside() {
        lock.lock();
        try {
            if (beside) {
                return false;
            }
            beside = true;
            pending++;
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void endBeside(@Nullable Throwable thrown) {
        lock.lock();
        try {
            beside = false;
            end(thrown);
        } finally {
            lock.unlock();
        }
    }

    /** True when the caller has to have the queue drained. */
    private boolean enqueue(Work work) {
        lock.lock();
        try {
            if (queue == null) {
                queue = new ArrayDeque<>(4);
            }
            queue.add(work);
            pending++;
            boolean idle = !draining;
            draining = true;
            return idle;
        } finally {
            lock.unlock();
        }
    }

    private void drain() {
        for (Work work = next(); work != null; work = next()) {
            end(thrownBy(failure == null ? work : work::skip));
        }
    }

    private @Nullable Work next() {
        lock.lock();
        try {
            Work work = queue == null ? null : queue.poll();
            draining = work != null;
            return work;
        } finally {
            lock.unlock();
        }
    }

    private static @Nullable Throwable thrownBy(IoWork work) {
        try {
            work.run();
            return null;
        } catch (Throwable e) {
            return e;
        }
    }

    private void end(@Nullable Throwable thrown) {
        lock.lock();
        try {
            pending--;
            failed(thrown);
            ended.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The first failure counts. */
    private void failed(@Nullable Throwable thrown) {
        lock.lock();
        try {
            failure = failure == null ? thrown : failure;
        } finally {
            lock.unlock();
        }
    }

    /** Whether work has failed by now; does not wait. */
    boolean hasFailed() {
        return failure != null;
    }

    /** Throws the failure of work that has failed by now; does not wait. */
    void check() throws IOException {
        Throwable thrown = failure;
        if (thrown != null) {
            throw new IOException(String.valueOf(thrown), thrown);
        }
    }

    /** Waits until all work is done. */
    void await() throws IOException {
        await(0);
    }

    private void await(int most) throws IOException {
        lock.lock();
        try {
            while (pending > most) {
                ended.awaitUninterruptibly();
            }
            check();
        } finally {
            lock.unlock();
        }
    }
}
