package dev.narwhal.testkit;

import java.util.Random;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How long a fault harness goes on, and what it draws its luck from: {@code -Dfaults.rounds}, {@code -Dfaults.seed}. */
public final class FaultRounds {

    private static final Logger log = LoggerFactory.getLogger(FaultRounds.class);

    private FaultRounds() {}

    /** @param once how many of something an ordinary run does, at least 1 */
    public static int times(int once) {
        return Math.multiplyExact(once, Integer.getInteger("faults.rounds", 1));
    }

    /** The seed is logged, so that a failure can be looked at again, as far as threads let it. */
    public static Random luck(String harness) {
        String given = System.getProperty("faults.seed", "");
        long seed = given.isBlank() ? System.nanoTime() : Long.parseLong(given);
        log.info("{}: -Dfaults.seed={}", harness, seed);
        return new Random(seed);
    }
}
