package dev.narwhal.client.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BackoffTest {

    private final Backoff backoff = new Backoff(new SplittableRandom(7));

    @Test
    void after_firstFailures_doublesWithinTheJitter() {
        for (int failures = 1; failures <= 6; failures++) {
            long full = 500L << (failures - 1);
            assertThat(backoff.after(failures)).isBetween(Duration.ofMillis(full / 2), Duration.ofMillis(full));
        }
    }

    @Test
    void after_manyFailures_isBounded() {
        for (int failures : new int[] {7, 30, 64, 100, Integer.MAX_VALUE}) {
            assertThat(backoff.after(failures)).isBetween(Backoff.LONGEST.dividedBy(2), Backoff.LONGEST);
        }
    }

    @Test
    void after_sameFailure_differsFromClientToClient() {
        assertThat(IntStream.range(0, 50).mapToObj(i -> backoff.after(5)).distinct())
                .hasSizeGreaterThan(20);
    }
}
