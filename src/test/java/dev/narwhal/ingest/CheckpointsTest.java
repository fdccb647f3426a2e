package dev.narwhal.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CheckpointsTest {

    private static final long MIB = 1L << 20;
    private final AtomicLong nanos = new AtomicLong(1);
    private final Checkpoints checkpoints = new Checkpoints(0, nanos::get);

    @Test
    void isDue_after64MiB_atOnce() {
        assertThat(checkpoints.isDue(64 * MIB - 1)).isFalse();
        assertThat(checkpoints.isDue(64 * MIB)).isTrue();
    }

    @Test
    void isDue_after5s_withOneMiB() {
        passed(Duration.ofSeconds(5));
        assertThat(checkpoints.isDue(MIB - 1)).isFalse();
        assertThat(checkpoints.isDue(MIB)).isTrue();
    }

    @Test
    void isDue_after30s_withAnything() {
        passed(Duration.ofSeconds(30));
        assertThat(checkpoints.isDue(0)).isFalse();
        assertThat(checkpoints.isDue(1)).isTrue();
    }

    @Test
    void isDue_afterOneInVain_notAtOnceAgain() {
        checkpoints.postpone();
        assertThat(checkpoints.isDue(200 * MIB)).isFalse();
        passed(Duration.ofSeconds(2));
        assertThat(checkpoints.isDue(200 * MIB)).isTrue();
        checkpoints.done(200 * MIB);
        assertThat(checkpoints.isDue(264 * MIB)).isTrue();
    }

    @Test
    void untilQuietFor_beforeAnythingWasRecorded_isOver() {
        assertThat(checkpoints.untilQuietFor(Duration.ofMillis(250))).isZero();
        checkpoints.done(1);
        passed(Duration.ofMillis(100));
        assertThat(checkpoints.untilQuietFor(Duration.ofMillis(250)))
                .isEqualTo(Duration.ofMillis(150).toNanos());
        passed(Duration.ofMillis(150));
        assertThat(checkpoints.untilQuietFor(Duration.ofMillis(250))).isZero();
    }

    @Test
    void isDoneSince_onlyWhenSomethingWasRecorded() {
        assertThat(checkpoints.isDoneSince(nanos.get())).isFalse();
        checkpoints.done(1);
        assertThat(checkpoints.isDoneSince(nanos.get())).isTrue();
        passed(Duration.ofMillis(1));
        assertThat(checkpoints.isDoneSince(nanos.get())).isFalse();
    }

    private void passed(Duration time) {
        nanos.addAndGet(time.toNanos());
    }
}
