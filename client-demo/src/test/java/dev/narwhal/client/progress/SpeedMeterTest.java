package dev.narwhal.client.progress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SpeedMeterTest {

    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    @Test
    void sample_steadySpeed_isThatSpeed() {
        SpeedMeter meter = new SpeedMeter(0, 0);
        for (int second = 1; second <= 5; second++) {
            meter.sample(second * SECOND, second * 1000L);
        }
        assertThat(meter.bytesPerSecond()).isCloseTo(1000, within(0.001));
        assertThat(meter.timeFor(3000)).contains(Duration.ofSeconds(3));
    }

    @Test
    void sample_speedDrops_approachesTheNewSpeed() {
        SpeedMeter meter = new SpeedMeter(0, 0);
        meter.sample(SECOND, 1000);
        meter.sample(4 * SECOND, 1000);
        assertThat(meter.bytesPerSecond()).isBetween(300.0, 450.0);
    }

    @Test
    void startSample_bytesThatTheServerHad_areNotSpeed() {
        SpeedMeter meter = new SpeedMeter(0, 0);
        meter.startSample(SECOND, 5_000_000);
        meter.sample(2 * SECOND, 5_001_000);
        assertThat(meter.bytesPerSecond()).isCloseTo(1000, within(0.001));
    }

    @Test
    void sample_positionGoesBack_keepsTheSpeed() {
        SpeedMeter meter = new SpeedMeter(0, 0);
        meter.sample(SECOND, 1000);
        meter.sample(2 * SECOND, 200);
        assertThat(meter.bytesPerSecond()).isCloseTo(1000, within(0.001));
    }

    @Test
    void timeFor_nothingMoved_isUnknown() {
        assertThat(new SpeedMeter(0, 0).timeFor(1)).isEmpty();
    }
}
