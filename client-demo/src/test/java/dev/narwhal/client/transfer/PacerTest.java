package dev.narwhal.client.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class PacerTest {

    @Test
    void writeSize_ofASlowUpload_isATenthOfASecond() {
        assertThat(new Pacer(100_000, System::nanoTime).writeSize()).isEqualTo(10_000);
        assertThat(new Pacer(1, System::nanoTime).writeSize()).isEqualTo(1);
    }

    @Test
    void writeSize_ofAFastOrUnlimitedUpload_isBounded() {
        assertThat(new Pacer(Long.MAX_VALUE, System::nanoTime).writeSize()).isEqualTo(65_536);
        assertThat(new Pacer(0, System::nanoTime).writeSize()).isEqualTo(65_536);
    }

    @Test
    void await_moreBytesThanTheLimitAllows_takesTheirTime() throws InterruptedException {
        long startedAt = System.nanoTime();
        Pacer pacer = new Pacer(1_000_000, System::nanoTime);
        for (int write = 0; write < 8; write++) {
            pacer.await(100_000);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - startedAt)).isGreaterThanOrEqualTo(Duration.ofMillis(600));
    }

    @Test
    @Timeout(10)
    void await_noLimit_neverWaits() throws InterruptedException {
        Pacer pacer = new Pacer(0, () -> 0);
        for (int write = 0; write < 1000; write++) {
            pacer.await(Integer.MAX_VALUE);
        }
    }
}
