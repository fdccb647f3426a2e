package dev.narwhal.delivery;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The order of deliveries among owners. Each delivery is due in the past, and of one owner each a second after the one
 * before: so somebody's first file goes before another's hundredth, but no longer than for a hundred seconds. Nobody starves,
 * and an owner alone is served in the order of finishing.
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

    /** When the next delivery of this owner is due: now at the latest. */
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
