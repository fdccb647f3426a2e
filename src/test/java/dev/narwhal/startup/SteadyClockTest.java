package dev.narwhal.startup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.SettableClock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SteadyClockTest {

    private final SettableClock machine = new SettableClock();
    private long nanos = Long.MAX_VALUE - 5;
    private final SteadyClock clock = new SteadyClock(machine, () -> nanos);
    private final Instant start = machine.instant();

    private void pass(Duration time) {
        machine.pass(time);
        nanos += time.toNanos();
    }

    @Test
    void instant_nobodySetsTheClock_isTheMachines() {
        for (int i = 0; i < 100; i++) {
            pass(Duration.ofMillis(37));
            assertThat(clock.instant()).isEqualTo(machine.instant());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-30, -5, 5, 30})
    void instant_theClockIsSet_timePassesAlmostAsItDoes(int hours) {
        pass(Duration.ofSeconds(1));
        Instant before = clock.instant();
        machine.pass(Duration.ofHours(hours));

        assertThat(clock.instant()).isEqualTo(before);
        pass(Duration.ofSeconds(10));
        assertThat(Duration.between(before, clock.instant()))
                .isEqualTo(Duration.ofSeconds(10).plusSeconds(hours > 0 ? 1 : -1));
    }

    @ParameterizedTest
    @ValueSource(ints = {-5, 5})
    void instant_longAfterTheClockWasSet_isTheMachinesAgain(int hours) {
        machine.pass(Duration.ofHours(hours));
        Instant last = clock.instant();
        for (int i = 0; i < 51 * 60; i++) {
            pass(Duration.ofMinutes(1));
            Instant now = clock.instant();
            assertThat(now).isAfter(last);
            last = now;
        }
        assertThat(clock.instant()).isEqualTo(machine.instant());
        pass(Duration.ofSeconds(1));
        assertThat(clock.instant()).isEqualTo(machine.instant());
    }

    @Test
    void instant_theMachineSlept_isFollowed() {
        pass(Duration.ofHours(1));
        machine.pass(Duration.ofHours(8));
        pass(Duration.ofHours(80));

        assertThat(clock.instant()).isEqualTo(machine.instant());
        assertThat(Duration.between(start, clock.instant())).isEqualTo(Duration.ofHours(89));
    }
}
