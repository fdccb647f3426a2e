package dev.narwhal.delivery;

import dev.narwhal.destination.DeliveryJournal;
import dev.narwhal.destination.SentPart;
import dev.narwhal.upload.UploadId;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One attempt that runs in this process. For the destination it is the journal over the attempt's rows; a request that cancels
 * the delivery waits here.
 *
 * <p>No thread holds the lock during a statement: a cancellation must not wait for the database because a part is being
 * recorded.
 */
final class DeliveryAttempt implements DeliveryJournal {

    private final DeliveryRepository deliveries;
    private final UploadId id;
    private final long token;
    private final boolean isTaken;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition completed = lock.newCondition();
    private final Map<Integer, SentPart> parts = new TreeMap<>();
    private @Nullable String resumeToken;
    private boolean stopped;
    private boolean completing;

    /**
     * @param row as it was before the attempt began
     * @param parts recorded under the row's resume token
     */
    DeliveryAttempt(DeliveryRepository deliveries, DeliveryRow row, long token, List<SentPart> parts) {
        this(deliveries, row, token, parts, false);
    }

    /**
     * The first attempt of an upload that this process has taken. Records no link: whoever deletes the upload after a crash
     * records the handle first ({@link LinkedObjects}).
     */
    static DeliveryAttempt taken(DeliveryRepository deliveries, DeliveryRow row) {
        return new DeliveryAttempt(deliveries, row, row.token(), List.of(), true);
    }

    private DeliveryAttempt(
            DeliveryRepository deliveries, DeliveryRow row, long token, List<SentPart> parts, boolean isTaken) {
        this.isTaken = isTaken;
        this.deliveries = deliveries;
        this.id = row.id();
        this.token = token;
        this.resumeToken = row.resumeToken();
        parts.forEach(part -> this.parts.put(part.number(), part));
    }

    UploadId id() {
        return id;
    }

    long token() {
        return token;
    }

    /** From now on the journal answers every question with false. */
    void stop() {
        lock.lock();
        try {
            stopped = true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Stops the attempt, unless its object may be about to become visible; then waits for the completion's outcome.
     *
     * @return false when the wait timed out; the attempt continues
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

    /** The outcome of the completion is recorded, or the object was never completed: {@link #cancel} stops waiting. */
    void completionEnded() {
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
            return Optional.ofNullable(resumeToken);
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
    public boolean begun(String newToken) {
        return isActive() && replaceTransfer(deliveries.setResumeToken(id, token, newToken), newToken);
    }

    @Override
    public boolean rekeyed(String key) {
        return isActive() && replaceTransfer(deliveries.setKey(id, token, key), null);
    }

    private boolean replaceTransfer(boolean recorded, @Nullable String newToken) {
        lock.lock();
        try {
            if (recorded) {
                resumeToken = newToken;
                parts.clear();
            }
            stopped |= !recorded;
            return recorded;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Records a part that the store has acknowledged, even if the attempt was stopped meanwhile: the next attempt need not send
     * it again.
     */
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
    public boolean completing(@Nullable String newToken) {
        return completing(newToken, deliveries::completing);
    }

    /** How a completion is recorded. */
    @FunctionalInterface
    private interface Record {
        boolean completing(UploadId id, long token, @Nullable String handle);
    }

    private boolean completing(@Nullable String newToken, Record record) {
        if (!enterCompletion()) {
            return false;
        }
        boolean recorded = false;
        try {
            recorded = record.completing(id, token, newToken);
        } finally {
            if (!recorded) {
                stop();
                completionEnded();
            }
        }
        if (recorded && newToken != null) {
            lock.lock();
            try {
                resumeToken = newToken;
            } finally {
                lock.unlock();
            }
        }
        return recorded;
    }

    @Override
    public boolean linking(Handle handle) throws IOException {
        return isTaken ? enterCompletion() : completing(handle.read(), deliveries::linking);
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
