package dev.narwhal.delivery;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Fair scheduling of deliveries among owners. Every delivery is due now or earlier, by at most one hour, and each of an owner's
 * deliveries is due one second after that owner's previous one. So one owner's first file precedes another owner's hundredth,
 * unless it comes more than a hundred seconds later. No owner starves, and each owner's files are delivered in the order in
 * which they were finished.
 */
final class FairOrder {

    private static final Duration HEAD_START = Duration.ofHours(1);
    private static final Duration STEP = Duration.ofSeconds(1);
    private static final int MOST_OWNERS = 10_000;

    private final Clock clock;
    private final Map<String, Instant> last = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Instant> eldest) {
            return size() > MOST_OWNERS;
        }
    };

    FairOrder(Clock clock) {
        this.clock = clock;
    }

    /** The due time of this owner's next delivery; now at the latest. */
    synchronized Instant next(String owner) {
        Instant now = clock.instant();
        Instant earliest = now.minus(HEAD_START);
        Instant before = last.get(owner);
        Instant due = before == null || before.plus(STEP).isBefore(earliest) ? earliest : before.plus(STEP);
        due = due.isAfter(now) ? now : due;
        last.put(owner, due);
        return due;
    }
}
