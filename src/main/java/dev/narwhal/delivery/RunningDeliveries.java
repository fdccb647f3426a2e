package dev.narwhal.delivery;

import dev.narwhal.upload.UploadId;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The attempts that run in this process: a staging volume belongs to one process, and so do its deliveries. */
final class RunningDeliveries {

    /** How long a client that deletes waits for a completion in flight. */
    static final Duration CANCEL_WAIT = Duration.ofSeconds(5);

    private final Map<UploadId, DeliveryAttempt> running = new ConcurrentHashMap<>();
    private volatile boolean stopping;

    void add(DeliveryAttempt attempt) {
        running.put(attempt.id(), attempt);
        if (stopping) {
            attempt.stop();
        }
    }

    void remove(DeliveryAttempt attempt) {
        attempt.completionOver();
        running.remove(attempt.id(), attempt);
    }

    boolean cancel(UploadId id) {
        DeliveryAttempt attempt = running.get(id);
        return attempt == null || attempt.cancel(CANCEL_WAIT);
    }

    /** Every attempt ends at its next question; those that come later end at their first. */
    void stopAll() {
        stopping = true;
        running.values().forEach(DeliveryAttempt::stop);
    }

    boolean isStopping() {
        return stopping;
    }
}
