package dev.narwhal.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narwhal.ingest.BodyInterruptedException.Reason;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class MinimumRateTest {

    private static final long UNKNOWN = -1;

    private final AtomicLong nanos = new AtomicLong(1);
    private int clockReadings;

    /** 100 bytes a second over 10 s of waiting. */
    private final MinimumRate rate = MinimumRate.of(100, Duration.ofSeconds(10));

    @Test
    void drip_isCutOffAfterTheWindow_andWhatCameCounts() throws Exception {
        Line line = new Line(UNKNOWN);
        ChunkSource body = demanding(line);
        for (int second = 0; second < 10; second++) {
            assertThat(line.after(Duration.ofSeconds(1), 1).readFrom(body)).isEqualTo(1);
        }
        assertSlow(body);
    }

    @Test
    void atTheRate_goesOnForEver() throws Exception {
        Line line = new Line(UNKNOWN);
        ChunkSource body = demanding(line);
        for (int read = 0; read < 1000; read++) {
            assertThat(line.after(Duration.ofSeconds(9), 1000).readFrom(body)).isEqualTo(1000);
        }
    }

    @Test
    void slowAfterAFastBeginning_isCutOff() throws Exception {
        Line line = new Line(UNKNOWN);
        ChunkSource body = demanding(line);
        line.after(Duration.ZERO, 1 << 20).readFrom(body);
        // The first one afterwards is not timed: it cannot last longer than body-timeout.
        line.after(Duration.ofSeconds(9), 1).readFrom(body);
        line.after(Duration.ofSeconds(9), 1).readFrom(body);
        line.after(Duration.ofSeconds(9), 1).readFrom(body);
        assertSlow(body);
    }

    @Test
    void timeOfOurOwn_doesNotCount() throws Exception {
        Line line = new Line(UNKNOWN);
        ChunkSource body = demanding(line);
        for (int read = 0; read < 100; read++) {
            line.after(Duration.ofMillis(1), 1).readFrom(body);
            nanos.addAndGet(Duration.ofMinutes(1).toNanos());
        }
    }

    @Test
    void wholeBody_isNotCutOffAtItsEnd() throws Exception {
        Line line = new Line(2);
        ChunkSource body = demanding(line);
        line.after(Duration.ofSeconds(9), 1).readFrom(body);
        line.after(Duration.ofSeconds(9), 1).readFrom(body);
        assertThat(line.after(Duration.ZERO, -1).readFrom(body)).isEqualTo(-1);
    }

    @Test
    void fastBody_needsNoClock() throws Exception {
        Line line = new Line(UNKNOWN);
        ChunkSource body = demanding(line);
        line.after(Duration.ZERO, 8192).readFrom(body);
        clockReadings = 0;
        for (int read = 0; read < 1000; read++) {
            line.after(Duration.ZERO, 8192).readFrom(body);
        }
        assertThat(clockReadings).isZero();
    }

    @Test
    void noRate_isNotAskedFor() {
        ChunkSource body = new Line(UNKNOWN);
        assertThat(MinimumRate.of(0, Duration.ofSeconds(10)).enforceOn(body, System::nanoTime))
                .isSameAs(body);
    }

    @Test
    void lowRateOverAShortWindow_isStillOne() {
        assertThat(MinimumRate.of(1, Duration.ofMillis(100)).bytes()).isEqualTo(1);
        assertThat(MinimumRate.of(100, Duration.ofSeconds(60)).bytes()).isEqualTo(6000);
    }

    private ChunkSource demanding(ChunkSource body) {
        return rate.enforceOn(body, () -> {
            clockReadings++;
            return nanos.get();
        });
    }

    private static void assertSlow(ChunkSource body) {
        assertThatThrownBy(() -> body.read(ByteBuffer.allocate(1)))
                .isInstanceOfSatisfying(
                        BodyInterruptedException.class,
                        e -> assertThat(e.reason()).isEqualTo(Reason.SLOW));
    }

    /** What comes over it takes its time. */
    private final class Line implements ChunkSource {

        private final long announced;
        private Duration wait = Duration.ZERO;
        private int bytes;

        Line(long announced) {
            this.announced = announced;
        }

        Line after(Duration time, int next) {
            wait = time;
            bytes = next;
            return this;
        }

        int readFrom(ChunkSource body) throws BodyInterruptedException {
            return body.read(ByteBuffer.allocate(1));
        }

        @Override
        public int read(ByteBuffer target) {
            nanos.addAndGet(wait.toNanos());
            return bytes;
        }

        @Override
        public long announcedBytes() {
            return announced;
        }
    }
}
