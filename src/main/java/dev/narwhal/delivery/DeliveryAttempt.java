package dev.narwhal.delivery;

import dev.narwhal.destination.DeliveryJournal;
import dev.narwhal.destination.SentPart;
import dev.narwhal.upload.UploadId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One attempt that is running in this process: the destination's journal over the attempt's rows, and the place where
 * somebody who cancels the delivery meets it.
 *
 * <p>The lock is never held during a statement: a cancellation must not wait for the database on behalf of a part.
 */
final class DeliveryAttempt implements DeliveryJournal {

    private final DeliveryRepository deliveries;
    private final UploadId id;
    private final long token;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition completed = lock.newCondition();
    private final Map<Integer, SentPart> parts = new TreeMap<>();
    private @Nullable String handle;
    private boolean stopped;
    private boolean completing;

    /**
     * @param row as it was before the attempt began
     * @param parts recorded under the row's handle
     */
    DeliveryAttempt(DeliveryRepository deliveries, DeliveryRow row, long token, List<SentPart> parts) {
        this.deliveries = deliveries;
        this.id = row.id();
        this.token = token;
        this.handle = row.handle();
        parts.forEach(part -> this.parts.put(part.number(), part));
    }

    UploadId id() {
        return id;
    }

    long token() {
        return token;
    }

    /** From now on the answer to every question is no. */
    void stop() {
        lock.lock();
        try {
            stopped = true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Stops the attempt unless its object may be about to appear; then waits to see what comes of it.
     *
     * @return false when the wait was over first; the attempt goes on
     */
    boolean cancel(Duration atMost) {
        lock.lock();
        try {
            long nanos = atMost.toNanos();
            while (completing) {
                if (nanos <= 0) {
                    return false;
                }
                nanos = completed.awaitNanos(nanos);
            }
            stopped = true;
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** The outcome is recorded, or there was none: {@link #cancel} waits no longer. */
    void completionOver() {
        lock.lock();
        try {
            completing = false;
            completed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Optional<String> handle() {
        lock.lock();
        try {
            return Optional.ofNullable(handle);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public List<SentPart> parts() {
        lock.lock();
        try {
            return List.copyOf(parts.values());
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean isActive() {
        lock.lock();
        try {
            return !stopped;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean begun(String newHandle) {
        return isActive() && kept(deliveries.setHandle(id, token, newHandle), newHandle);
    }

    @Override
    public boolean rekeyed(String key) {
        return isActive() && kept(deliveries.rekeyed(id, token, key), null);
    }

    private boolean kept(boolean recorded, @Nullable String newHandle) {
        lock.lock();
        try {
            if (recorded) {
                handle = newHandle;
                parts.clear();
            }
            stopped |= !recorded;
            return recorded;
        } finally {
            lock.unlock();
        }
    }

    /** A part that arrived is recorded although the attempt was stopped meanwhile: the next one need not send it again. */
    @Override
    public boolean sent(SentPart part) {
        boolean recorded = deliveries.sent(id, token, part);
        lock.lock();
        try {
            if (recorded) {
                parts.put(part.number(), part);
            }
            stopped |= !recorded;
            return !stopped;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean completing(@Nullable String newHandle) {
        if (!enterCompletion()) {
            return false;
        }
        boolean recorded = false;
        try {
            recorded = deliveries.completing(id, token, newHandle);
        } finally {
            if (!recorded) {
                stop();
                completionOver();
            }
        }
        if (recorded && newHandle != null) {
            lock.lock();
            try {
                handle = newHandle;
            } finally {
                lock.unlock();
            }
        }
        return recorded;
    }

    private boolean enterCompletion() {
        lock.lock();
        try {
            completing |= !stopped;
            return !stopped;
        } finally {
            lock.unlock();
        }
    }
}
