package dev.narwhal.delivery;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long to wait after a failed attempt: 1 s, doubled each time, up to 10 min; a random part of up to half of it is left out. */
final class Backoff {

    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofMinutes(10);
    private static final int MOST_DOUBLINGS = 20;

    private final RandomGenerator random;

    Backoff(RandomGenerator random) {
        this.random = random;
    }

    /** @param attempts failed so far, from 1 */
    Duration after(int attempts) {
        long doubled = FIRST.toMillis() << Math.min(MOST_DOUBLINGS, Math.max(0, attempts - 1));
        long full = Math.min(LONGEST.toMillis(), doubled);
        // Without jitter all that failed together would come back together.
        return Duration.ofMillis(full - random.nextLong(full / 2));
    }
}
