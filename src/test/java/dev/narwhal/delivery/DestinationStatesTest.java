package dev.narwhal.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.delivery.DestinationStates.Pause;
import dev.narwhal.delivery.DestinationStates.State;
import dev.narwhal.destination.Destinations;
import dev.narwhal.testkit.SettableClock;
import dev.narwhal.upload.UploadId;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

class DestinationStatesTest {

    private final SettableClock clock = new SettableClock();
    private final Destinations destinations = new Destinations(
            Map.of("default", new StubDestination("/srv/files"), "archive", new StubDestination("s3://archive")));
    private final DestinationStates states =
            new DestinationStates(destinations, Backoff.ofProbes(new Random(1)), clock);

    private final UploadId a = UploadId.random();
    private final UploadId b = UploadId.random();
    private final UploadId c = UploadId.random();

    private Instant refused(UploadId id) {
        return states.refused("archive", id, "403", clock.instant(), Duration.ZERO)
                .orElseThrow();
    }

    private boolean isCharged(UploadId id) {
        return states.refused("archive", id, "403", clock.instant(), Duration.ZERO)
                .isEmpty();
    }

    private void passUntil(Instant time) {
        clock.pass(Duration.between(clock.instant(), time));
    }

    @Test
    void all_atFirst_takeWhatComes() {
        assertThat(states.all())
                .containsExactly(new State("archive", "s3://archive", null), new State("default", "/srv/files", null));
        assertThat(states.holdUntil("archive", a)).isEmpty();
    }

    @Test
    void health_oneIsPaused_isDegraded_andSaysWhyAndSinceWhen() {
        DestinationHealth health = new DestinationHealth(states, name -> Double.NaN);
        assertThat(health.health().getStatus()).isEqualTo(Status.UP);

        refused(a);

        Health paused = health.health();
        assertThat(paused.getStatus().getCode()).isEqualTo("DEGRADED");
        assertThat(paused.getDetails().get("archive"))
                .asString()
                .contains("s3://archive", "403", clock.instant().toString());
        assertThat(paused.getDetails().get("default")).asString().doesNotContain("paused");
        states.worked("archive", a);
        assertThat(health.health().getStatus()).isEqualTo(Status.UP);
    }

    @Test
    void health_deliveriesWereGivenUp_isDegraded_andSaysHowMany() {
        Health health = new DestinationHealth(states, name -> name.equals("archive") ? 2 : 0).health();

        assertThat(health.getStatus().getCode()).isEqualTo("DEGRADED");
        assertThat(health.getDetails().get("archive")).asString().contains("failedDeliveries=2");
        assertThat(health.getDetails().get("default")).asString().doesNotContain("failedDeliveries");
    }

    @Test
    void refused_pausesThisDestinationOnly() {
        Instant next = refused(a);

        assertThat(next)
                .isBetween(clock.instant().plusSeconds(7), clock.instant().plusSeconds(15));
        assertThat(states.pauseOf("archive")).contains(new Pause(clock.instant(), "403", 1, next));
        assertThat(states.holdUntil("archive", a).orElseThrow()).isAfter(next);
        assertThat(states.holdUntil("default", a)).isEmpty();
    }

    @Test
    void holdUntil_anotherThanTheOneThatWasRefused_isHeardAtOnce_andNoMoreThanOne() {
        Instant next = refused(a);

        assertThat(states.holdUntil("archive", b)).isEmpty();
        assertThat(states.holdUntil("archive", c).orElseThrow()).isAfter(clock.instant());
        assertThat(states.holdUntil("archive", a).orElseThrow()).isAfter(next);
    }

    @Test
    void holdUntil_secondOpinionIsTheSame_othersWaitForAProbe() {
        refused(a);
        assertThat(states.holdUntil("archive", b)).isEmpty();
        Instant next = refused(b);

        assertThat(states.holdUntil("archive", c).orElseThrow()).isAfter(next);
    }

    @Test
    void holdUntil_whenAProbeIsDue_letsOneThrough() {
        refused(a);
        assertThat(states.holdUntil("archive", b)).isEmpty();
        passUntil(refused(b));

        assertThat(states.holdUntil("archive", c)).isEmpty();
        assertThat(states.holdUntil("archive", a)).isPresent();
    }

    @Test
    void refused_probe_makesTheNextOneLater_upToABound() {
        Duration longest = Duration.ZERO;
        for (int i = 0; i < 50; i++) {
            Instant next = refused(a);
            Duration pause = Duration.between(clock.instant(), next);
            longest = pause.compareTo(longest) > 0 ? pause : longest;
            clock.pass(pause);
        }
        assertThat(longest).isBetween(Duration.ofMinutes(4), Duration.ofMinutes(5));
        assertThat(states.pauseOf("archive").orElseThrow().failures()).isEqualTo(50);
    }

    @Test
    void refused_underWaySinceBefore_isNoProbe() {
        Instant begun = clock.instant();
        clock.pass(Duration.ofSeconds(1));
        Instant next = states.refused("archive", a, "403", begun, Duration.ZERO).orElseThrow();
        clock.pass(Duration.ofSeconds(1));

        assertThat(states.refused("archive", b, "403 as well", begun, Duration.ZERO))
                .contains(next);
        assertThat(states.pauseOf("archive").orElseThrow().failures()).isEqualTo(1);
    }

    @Test
    void refused_withAWish_waitsAtLeastThatLong() {
        assertThat(states.refused("archive", a, "503", clock.instant(), Duration.ofHours(1)))
                .contains(clock.instant().plus(Duration.ofHours(1)));
    }

    @Test
    void worked_endsThePauseAndSaysSoOnce() {
        refused(a);

        assertThat(states.worked("default", b)).isEmpty();
        assertThat(states.worked("archive", b)).contains(Set.of());
        assertThat(states.worked("archive", b)).isEmpty();
        assertThat(states.holdUntil("archive", a)).isEmpty();
    }

    @Test
    void refused_againAlthoughOthersWereTaken_isItsOwnFailure_andPausesNothing() {
        refused(a);
        states.worked("archive", b);

        for (int i = 0; i < 5; i++) {
            assertThat(isCharged(a)).isTrue();
            assertThat(states.pauseOf("archive")).isEmpty();
        }
        assertThat(isCharged(c)).as("of this one nothing is known").isFalse();
        assertThat(states.worked("archive", b)).as("who waits for itself").contains(Set.of(a));
    }

    @Test
    void refused_isTakenAtLast_isAnUploadLikeOthers() {
        refused(a);
        states.worked("archive", b);
        assertThat(isCharged(a)).isTrue();
        states.worked("archive", a);

        assertThat(isCharged(a)).isFalse();
        assertThat(states.pauseOf("archive")).isPresent();
    }

    /** Then it is the destination after all: with nobody left who was not refused before, nobody would ever find out. */
    @Test
    void refused_severalInARow_andNoneIsTaken_pauses() {
        refused(a);
        refused(b);
        refused(c);
        states.worked("archive", UploadId.random());

        assertThat(isCharged(a)).isTrue();
        assertThat(isCharged(b)).isTrue();
        assertThat(isCharged(a)).isTrue();
        assertThat(isCharged(c)).isFalse();

        assertThat(states.pauseOf("archive")).isPresent();
        assertThat(states.holdUntil("archive", b)).as("it was refused before").isPresent();
        assertThat(states.holdUntil("archive", UploadId.random())).isEmpty();
    }

    @Test
    void resume_byHand_letsAllThrough_andAnotherFailurePausesAnew() {
        assertThat(states.resume("archive")).isEmpty();
        refused(a);

        assertThat(states.resume("archive")).isPresent();

        assertThat(states.holdUntil("archive", b)).isEmpty();
        assertThat(states.holdUntil("archive", a)).isEmpty();
        refused(a);
        assertThat(states.pauseOf("archive"))
                .hasValueSatisfying(pause -> assertThat(pause.failures()).isEqualTo(1));
    }
}
