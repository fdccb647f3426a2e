package dev.narwhal.client.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PatienceTest {

    private final AtomicLong nanos = new AtomicLong();
    private final Patience patience = new Patience(3, Duration.ofMinutes(10), nanos::get);

    @Test
    void failed_moreOftenThanRetries_isExhausted() {
        for (int failure = 1; failure <= 3; failure++) {
            assertThat(patience.failed()).isEqualTo(failure);
            assertThat(patience.isExhausted()).isFalse();
        }
        patience.failed();
        assertThat(patience.isExhausted()).isTrue();
    }

    @Test
    void failed_forLongerThanRetryFor_isExhausted() {
        patience.failed();
        nanos.addAndGet(Duration.ofMinutes(10).toNanos());
        patience.failed();
        assertThat(patience.isExhausted()).isFalse();
        nanos.addAndGet(1);
        assertThat(patience.isExhausted()).isTrue();
    }

    @Test
    void progressed_afterFailures_startsANewRow() {
        patience.failed();
        patience.failed();
        nanos.addAndGet(Duration.ofHours(5).toNanos());
        patience.progressed();
        assertThat(patience.failed()).isEqualTo(1);
        assertThat(patience.isExhausted()).isFalse();
    }

    @Test
    void failed_withoutRetries_isExhaustedAtOnce() {
        Patience none = new Patience(0, Duration.ofMinutes(10), nanos::get);
        none.failed();
        assertThat(none.isExhausted()).isTrue();
    }
}
