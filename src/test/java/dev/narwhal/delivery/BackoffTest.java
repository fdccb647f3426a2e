package dev.narwhal.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackoffTest {

    @ParameterizedTest
    @CsvSource({"1,1", "2,2", "3,4", "10,512", "11,600", "1000,600", "2147483647,600"})
    void after_doublesUpToTenMinutes(int attempts, long seconds) {
        Backoff backoff = Backoff.ofDeliveries(new Random(1));
        Duration full = Duration.ofSeconds(seconds);

        for (int i = 0; i < 100; i++) {
            assertThat(backoff.after(attempts)).isBetween(full.dividedBy(2), full);
        }
    }

    @Test
    void after_differsEachTime() {
        Backoff backoff = Backoff.ofDeliveries(new Random(1));

        assertThat(backoff.after(5)).isNotEqualTo(backoff.after(5));
    }
}
