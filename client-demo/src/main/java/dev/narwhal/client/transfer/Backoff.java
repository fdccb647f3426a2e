package dev.narwhal.client.transfer;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next try: doubling from half a second to half a minute, each wait shortened by up to a half
 * at random, so that the clients of a server that comes back do not come back all at once.
 */
public final class Backoff {

    static final Duration FIRST = Duration.ofMillis(500);
    static final Duration LONGEST = Duration.ofSeconds(30);
    private static final int DOUBLINGS_AT_MOST = 20;

    private final RandomGenerator random;

    public Backoff(RandomGenerator random) {
        this.random = random;
    }

    /** @param failures so far in a row, from 1 */
    Duration after(int failures) {
        long doubled = FIRST.toMillis() << Math.min(failures - 1, DOUBLINGS_AT_MOST);
        long full = Math.min(doubled, LONGEST.toMillis());
        return Duration.ofMillis(full - random.nextLong(full / 2 + 1));
    }
}
