package dev.narwhal.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.delivery.DestinationStates.Pause;
import dev.narwhal.delivery.DestinationStates.State;
import dev.narwhal.destination.Destinations;
import dev.narwhal.testkit.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

class DestinationStatesTest {

    private final SettableClock clock = new SettableClock();
    private final Destinations destinations = new Destinations(
            Map.of("default", new StubDestination("/srv/files"), "archive", new StubDestination("s3://archive")));
    private final DestinationStates states =
            new DestinationStates(destinations, Backoff.ofProbes(new Random(1)), clock);

    @Test
    void all_atFirst_takeWhatComes() {
        assertThat(states.all())
                .containsExactly(new State("archive", "s3://archive", null), new State("default", "/srv/files", null));
        assertThat(states.holdUntil("archive")).isEmpty();
    }

    @Test
    void health_oneIsPaused_isDegraded_andSaysWhyAndSinceWhen() {
        DestinationHealth health = new DestinationHealth(states);
        assertThat(health.health().getStatus()).isEqualTo(Status.UP);

        states.failed("archive", "403", clock.instant(), Duration.ZERO);

        Health paused = health.health();
        assertThat(paused.getStatus().getCode()).isEqualTo("DEGRADED");
        assertThat(paused.getDetails().get("archive"))
                .asString()
                .contains("s3://archive", "403", clock.instant().toString());
        assertThat(paused.getDetails().get("default")).asString().doesNotContain("paused");
        states.worked("archive");
        assertThat(health.health().getStatus()).isEqualTo(Status.UP);
    }

    @Test
    void failed_pausesThisDestinationOnly() {
        Instant next = states.failed("archive", "403", clock.instant(), Duration.ZERO);

        assertThat(next)
                .isBetween(clock.instant().plusSeconds(7), clock.instant().plusSeconds(15));
        assertThat(states.pauseOf("archive")).contains(new Pause(clock.instant(), "403", 1, next));
        assertThat(states.holdUntil("archive").orElseThrow()).isAfter(next);
        assertThat(states.holdUntil("default")).isEmpty();
    }

    @Test
    void holdUntil_whenAProbeIsDue_letsOneThrough() {
        Instant next = states.failed("archive", "403", clock.instant(), Duration.ZERO);
        clock.pass(Duration.between(clock.instant(), next));

        assertThat(states.holdUntil("archive")).isEmpty();
        assertThat(states.holdUntil("archive")).isPresent();
    }

    @Test
    void failed_probe_makesTheNextOneLater_upToABound() {
        Duration longest = Duration.ZERO;
        for (int i = 0; i < 50; i++) {
            Instant next = states.failed("archive", "403", clock.instant(), Duration.ZERO);
            Duration pause = Duration.between(clock.instant(), next);
            longest = pause.compareTo(longest) > 0 ? pause : longest;
            clock.pass(pause);
        }
        assertThat(longest).isBetween(Duration.ofMinutes(4), Duration.ofMinutes(5));
        assertThat(states.pauseOf("archive").orElseThrow().failures()).isEqualTo(50);
    }

    @Test
    void failed_underWaySinceBefore_isNoProbe() {
        Instant begun = clock.instant();
        clock.pass(Duration.ofSeconds(1));
        Instant next = states.failed("archive", "403", begun, Duration.ZERO);
        clock.pass(Duration.ofSeconds(1));

        assertThat(states.failed("archive", "403 as well", begun, Duration.ZERO))
                .isEqualTo(next);
        assertThat(states.pauseOf("archive").orElseThrow().failures()).isEqualTo(1);
    }

    @Test
    void failed_withAWish_waitsAtLeastThatLong() {
        assertThat(states.failed("archive", "503", clock.instant(), Duration.ofHours(1)))
                .isEqualTo(clock.instant().plus(Duration.ofHours(1)));
    }

    @Test
    void worked_endsThePauseAndSaysSoOnce() {
        states.failed("archive", "403", clock.instant(), Duration.ZERO);

        assertThat(states.worked("default")).isFalse();
        assertThat(states.worked("archive")).isTrue();
        assertThat(states.worked("archive")).isFalse();
        assertThat(states.holdUntil("archive")).isEmpty();
    }
}
