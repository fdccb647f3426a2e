package dev.narwhal.delivery;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Exponential backoff with jitter. The pause doubles with each failure in a row up to a bound, and a random part of up to half
 * of it is left out.
 */
final class Backoff {

    private static final int MOST_DOUBLINGS = 20;

    private final Duration first;
    private final Duration longest;
    private final RandomGenerator random;

    /** @param first at least 2 ms */
    Backoff(Duration first, Duration longest, RandomGenerator random) {
        this.first = first;
        this.longest = longest;
        this.random = random;
    }

    /** For one delivery whose failure may be temporary: from 1 s to 10 min. */
    static Backoff ofDeliveries(RandomGenerator random) {
        return new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(10), random);
    }

    /** For a destination that an operator has to repair: from 15 s to 5 min. */
    static Backoff ofProbes(RandomGenerator random) {
        return new Backoff(Duration.ofSeconds(15), Duration.ofMinutes(5), random);
    }

    /** @param attempts failed attempts so far, from 1 */
    Duration after(int attempts) {
        long doubled = first.toMillis() << Math.min(MOST_DOUBLINGS, Math.max(0, attempts - 1));
        long full = Math.min(longest.toMillis(), doubled);
        // Without jitter all deliveries that failed together would retry together.
        return Duration.ofMillis(full - random.nextLong(full / 2));
    }
}
