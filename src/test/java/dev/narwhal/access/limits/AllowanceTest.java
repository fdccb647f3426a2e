package dev.narwhal.access.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narwhal.access.Limits;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class AllowanceTest {

    private final HandClock clock = new HandClock();

    @Test
    void requests_passAtTheirRate() {
        Allowance allowance = new Allowance(Scope.KEY, new Limits(null, null, null, null, 2L, null), clock);
        allowance.request(Urgency.ORDINARY);
        allowance.request(Urgency.ORDINARY);

        assertThatThrownBy(() -> allowance.request(Urgency.ORDINARY))
                .isInstanceOfSatisfying(LimitReachedException.class, refusal -> {
                    assertThat(refusal.scope()).isEqualTo(Scope.KEY);
                    assertThat(refusal.limit()).isEqualTo(Limit.REQUESTS);
                    assertThat(refusal.isLasting()).isFalse();
                    assertThat(refusal.retryAfterSeconds()).isEqualTo(1);
                });

        clock.pass(Duration.ofMillis(500));
        allowance.request(Urgency.ORDINARY);
        assertThatThrownBy(() -> allowance.request(Urgency.ORDINARY)).isInstanceOf(LimitReachedException.class);
    }

    @Test
    void headAndDelete_areShedLast() {
        Allowance allowance = new Allowance(Scope.OWNER, new Limits(null, null, null, null, 2L, null), clock);
        allowance.request(Urgency.ORDINARY);
        allowance.request(Urgency.ORDINARY);

        allowance.request(Urgency.SHED_LAST);
        allowance.request(Urgency.SHED_LAST);

        assertThatThrownBy(() -> allowance.request(Urgency.SHED_LAST)).isInstanceOf(LimitReachedException.class);
    }

    @Test
    void creations_haveARateOfTheirOwn() {
        Allowance allowance = new Allowance(Scope.OWNER, new Limits(null, null, null, 1L, null, null), clock);
        allowance.request(Urgency.SHED_FIRST);

        assertThatThrownBy(() -> allowance.request(Urgency.SHED_FIRST))
                .isInstanceOfSatisfying(
                        LimitReachedException.class,
                        refusal -> assertThat(refusal.limit()).isEqualTo(Limit.CREATIONS));
        assertThatCode(() -> allowance.request(Urgency.ORDINARY)).doesNotThrowAnyException();
    }

    @Test
    void allowances_forgetTheIdleOnes() {
        Allowances all = new Allowances(Scope.KEY, clock);
        Limits limits = new Limits(1L, null, null, null, null, null);
        for (int i = 0; i < Allowances.MOST; i++) {
            all.of("key:" + i, limits);
        }
        clock.pass(Allowances.IDLE.plusSeconds(1));
        all.of("key:0", limits);

        all.of("one more", limits);

        assertThat(all.size()).isEqualTo(2);
        assertThat(all.limitsOf("key:0")).isEqualTo(limits);
        assertThat(all.limitsOf("key:1")).isNull();
    }

    @Test
    void allowances_takeChangedLimits() {
        Allowances all = new Allowances(Scope.KEY, clock);
        Allowance before = all.of("key:1", new Limits(1L, null, null, null, null, null));

        assertThat(all.of("key:1", new Limits(1L, null, null, null, null, null)))
                .isSameAs(before);
        assertThat(all.of("key:1", new Limits(2L, null, null, null, null, null)))
                .isNotSameAs(before);
    }

    @Test
    void pace_countsWhatWasReadAndWaitsForIt() {
        Allowance allowance = new Allowance(Scope.OWNER, new Limits(null, null, null, null, null, 8192L), clock);
        Pace pace = Pace.of(List.of(Objects.requireNonNull(allowance.bytes())), 8192);

        assertThat(pace.piece()).isEqualTo(4096);
        assertThat(pace.nanosToWait()).isZero();
        pace.took(16_384);
        assertThat(Duration.ofNanos(pace.nanosToWait()).toMillis()).isBetween(1000L, 1001L);

        clock.pass(Duration.ofMillis(1001));
        assertThat(pace.nanosToWait()).isZero();
    }
}
