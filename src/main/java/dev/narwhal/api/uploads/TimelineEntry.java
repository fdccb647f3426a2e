package dev.narwhal.api.uploads;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A point of an upload's timeline.
 *
 * @param event CREATED, FIRST_BYTES, INTERRUPTED, TAKEN_OVER, RESUMED, FINISHED, DELIVERY_QUEUED, ATTEMPT_FAILED, DELIVERY_FAILED, RETRIED,
 *     DELIVERED, EXPIRED or TERMINATED
 * @param offset durable bytes at that time; null where they do not matter
 * @param detail why a body ended, or the error of a delivery
 * @param actor who did it, for an act of an operator
 * @param seconds how long an interruption lasted, for RESUMED
 */
record TimelineEntry(
        Instant at,
        String event,
        @Nullable Long offset,
        @Nullable String detail,
        @Nullable String actor,
        @Nullable Double seconds) {

    static TimelineEntry of(Instant at, String event) {
        return new TimelineEntry(at, event, null, null, null, null);
    }

    TimelineEntry withOffset(@Nullable Long bytes) {
        return new TimelineEntry(at, event, bytes, detail, actor, seconds);
    }
}
