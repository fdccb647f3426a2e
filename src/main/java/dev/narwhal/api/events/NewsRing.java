package dev.narwhal.api.events;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The last news, which readers come and get: the ring is the same for all of them, so a reader that does not come costs nothing,
 * and misses what is overwritten. Safe for any number of threads; to add news never waits for a reader.
 */
final class NewsRing {

    /** News that a reader may be behind. */
    static final int SIZE = 4_096;

    /** Bounds what one reader gets at once. */
    private static final int MOST_AT_ONCE = 512;

    /** Seconds of progress that a reader may be behind. It misses older progress, since there is newer. */
    private static final int TICKS = 8;

    private final @Nullable News[] ring = new News[SIZE];
    private final Deque<List<News>> ticks = new ArrayDeque<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final Condition closing = lock.newCondition();
    private long first = 1;
    private long next = 1;
    private long tick;
    private boolean closed;

    /**
     * How far a reader is.
     *
     * @param number of the last news
     * @param tick the last second of progress
     */
    record Position(long number, long tick) {}

    /**
     * What a reader gets.
     *
     * @param news the first has the number {@code from.number() + 1}, and so on
     * @param progress without numbers
     * @param lost true when news are overwritten that the reader has not seen
     */
    record Batch(Position from, List<News> news, List<News> progress, Position to, boolean lost, boolean closed) {}

    void add(News news) {
        lock.lock();
        try {
            ring[index(next)] = news;
            next++;
            first = Math.max(first, next - SIZE);
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void addProgress(List<News> progress) {
        lock.lock();
        try {
            ticks.addLast(progress);
            tick++;
            if (ticks.size() > TICKS) {
                ticks.removeFirst();
            }
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Forgets everything: what happens from now on until somebody reads again gets no numbers. */
    void forget() {
        lock.lock();
        try {
            first = next + 1;
            next = first;
            Arrays.fill(ring, null);
            ticks.clear();
        } finally {
            lock.unlock();
        }
    }

    Position end() {
        lock.lock();
        try {
            return new Position(next - 1, tick);
        } finally {
            lock.unlock();
        }
    }

    /** True when no news after this number are lost. */
    boolean reachesBackTo(long number) {
        lock.lock();
        try {
            return number >= first - 1 && number < next;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for something new; empty when nothing came in time. */
    Batch await(Position from, Duration patience) throws InterruptedException {
        long nanos = patience.toNanos();
        lock.lockInterruptibly();
        try {
            while (!closed && next - 1 == from.number() && tick == from.tick() && nanos > 0) {
                nanos = arrived.awaitNanos(nanos);
            }
            return batch(from);
        } finally {
            lock.unlock();
        }
    }

    private Batch batch(Position from) {
        boolean lost = from.number() < first - 1;
        List<News> news = new ArrayList<>();
        long to = lost ? from.number() : Math.min(next - 1, from.number() + MOST_AT_ONCE);
        for (long number = from.number() + 1; number <= to; number++) {
            News one = ring[index(number)];
            if (one != null) {
                news.add(one);
            }
        }
        List<News> progress = new ArrayList<>();
        long oldest = tick - ticks.size();
        for (List<News> second : ticks) {
            oldest++;
            if (oldest > from.tick()) {
                progress.addAll(second);
            }
        }
        return new Batch(from, news, progress, new Position(to, tick), lost, closed);
    }

    private static int index(long number) {
        return (int) (number % SIZE);
    }

    /** Returns early when the ring is closed. */
    void pause(Duration time) throws InterruptedException {
        long nanos = time.toNanos();
        lock.lockInterruptibly();
        try {
            while (!closed && nanos > 0) {
                nanos = closing.awaitNanos(nanos);
            }
        } finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /** Ends all waiting. */
    void close() {
        lock.lock();
        try {
            closed = true;
            arrived.signalAll();
            closing.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
