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
    void isNear_after48MiB_andNotSoonAfterOneInVain() {
        assertThat(checkpoints.isNear(48 * MIB - 1)).isFalse();
        assertThat(checkpoints.isNear(48 * MIB)).isTrue();
        checkpoints.postpone();
        assertThat(checkpoints.isNear(63 * MIB)).isFalse();
        passed(Duration.ofSeconds(2));
        assertThat(checkpoints.isNear(63 * MIB)).isTrue();
        checkpoints.done(40 * MIB);
        assertThat(checkpoints.isNear(63 * MIB)).isFalse();
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
    void untilAnswer_nothingComesAnyMore_isOver() {
        checkpoints.arrived();
        passed(Duration.ofMillis(50));

        assertThat(checkpoints.isAnswered(nanos.get())).isFalse();
        assertThat(checkpoints.untilAnswer(nanos.get())).isZero();
        assertThat(checkpoints.untilNextCheckpoint()).isZero();
    }

    @Test
    void untilAnswer_bytesHaveJustCome_waitsForThoseBehindThem() {
        checkpoints.arrived();
        passed(Duration.ofMillis(40));
        long asked = nanos.get();
        assertThat(checkpoints.untilAnswer(asked)).isEqualTo(millis(10));

        checkpoints.arrived();
        passed(Duration.ofMillis(10));
        assertThat(checkpoints.untilAnswer(asked)).isEqualTo(millis(40));
    }

    @Test
    void untilAnswer_bodyHasJustBegun_waitsForItsBytes() {
        assertThat(checkpoints.untilAnswer(nanos.get())).isEqualTo(millis(50));
    }

    @Test
    void asked_bytesKeepComing_recordsAfterAll_andNotAgainSoon() {
        long first = nanos.get();
        arrivingFor(240);
        assertThat(checkpoints.untilAnswer(first)).isEqualTo(millis(10));
        arrivingFor(10);
        assertThat(checkpoints.untilAnswer(first)).isZero();
        assertThat(checkpoints.isAnswered(first)).as("nothing was recorded yet").isFalse();
        checkpoints.done(1);
        assertThat(checkpoints.isAnswered(first)).isTrue();

        passed(Duration.ofMillis(10));
        long second = nanos.get();
        arrivingFor(240);
        assertThat(checkpoints.isAnswered(second)).as("perhaps it stops").isFalse();
        arrivingFor(10);
        assertThat(checkpoints.isAnswered(second)).as("a live body").isTrue();

        passed(Duration.ofSeconds(2));
        long third = nanos.get();
        arrivingFor(250);
        assertThat(checkpoints.isAnswered(third)).as("too old").isFalse();
    }

    @Test
    void untilNextCheckpoint_soonAfterARecording_isLater() {
        checkpoints.done(1);
        passed(Duration.ofMillis(100));
        assertThat(checkpoints.untilNextCheckpoint()).isEqualTo(millis(150));
        passed(Duration.ofMillis(150));
        assertThat(checkpoints.untilNextCheckpoint()).isZero();
    }

    @Test
    void asked_recordedSince_isAnswered() {
        assertThat(checkpoints.isAnswered(nanos.get())).isFalse();
        checkpoints.done(1);
        assertThat(checkpoints.isAnswered(nanos.get())).isTrue();
        passed(Duration.ofMillis(1));
        assertThat(checkpoints.isAnswered(nanos.get())).isFalse();
    }

    /** Bytes come every 10 ms. */
    private void arrivingFor(int millis) {
        for (int passed = 0; passed < millis; passed += 10) {
            passed(Duration.ofMillis(10));
            checkpoints.arrived();
        }
    }

    private static long millis(int millis) {
        return Duration.ofMillis(millis).toNanos();
    }

    private void passed(Duration time) {
        nanos.addAndGet(time.toNanos());
    }
}
