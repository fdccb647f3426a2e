package dev.narwhal.delivery;

import dev.narwhal.upload.UploadId;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The attempts that run in this process: one process owns a staging volume, and runs all its deliveries. */
final class RunningDeliveries {

    /** How long a client's DELETE waits for a completion in flight. */
    static final Duration CANCEL_WAIT = Duration.ofSeconds(5);

    private final Map<UploadId, DeliveryAttempt> running = new ConcurrentHashMap<>();
    private volatile boolean stopping;

    void add(DeliveryAttempt attempt) {
        DeliveryAttempt displaced = running.put(attempt.id(), attempt);
        if (displaced != null) {
            displaced.stop();
        }
        if (stopping) {
            attempt.stop();
        }
    }

    void remove(DeliveryAttempt attempt) {
        attempt.completionEnded();
        running.remove(attempt.id(), attempt);
    }

    boolean cancel(UploadId id) {
        DeliveryAttempt attempt = running.get(id);
        return attempt == null || attempt.cancel(CANCEL_WAIT);
    }

    /** Every running attempt ends at its next question to the journal; a later attempt ends at its first. */
    void stopAll() {
        stopping = true;
        running.values().forEach(DeliveryAttempt::stop);
    }

    boolean isStopping() {
        return stopping;
    }
}
