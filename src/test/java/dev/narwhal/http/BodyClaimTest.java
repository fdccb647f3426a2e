package dev.narwhal.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

class BodyClaimTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final BodyBudget budget = new BodyBudget(100, registry);

    @Test
    void claims_areAdmittedUntilTheBudgetIsHeld() {
        BodyClaim first = BodyClaim.on(budget, 60);
        BodyClaim second = BodyClaim.on(budget, 60);

        assertThat(first.admit()).isTrue();
        assertThat(first.admit()).isTrue();
        assertThat(second.admit()).isFalse();
        assertThat(budget.held()).isEqualTo(60);
        assertThat(registry.get("narwhal.bodies.refused").counter().count()).isEqualTo(1);
    }

    @Test
    void refusal_stays_whenThereIsRoomAgain() {
        BodyClaim first = BodyClaim.on(budget, 60);
        BodyClaim second = BodyClaim.on(budget, 60);
        assertThat(first.admit()).isTrue();
        assertThat(second.admit()).isFalse();
        first.end();
        first.end();

        assertThat(second.admit()).isFalse();
        assertThat(budget.held()).isZero();
    }

    @Test
    void body_isLargerThanTheBudget_isAdmittedAlone() {
        BodyClaim large = BodyClaim.on(budget, 1000);

        assertThat(large.admit()).isTrue();
        assertThat(BodyClaim.on(budget, 1).admit()).isFalse();
        large.end();
        assertThat(BodyClaim.on(budget, 1).admit()).isTrue();
    }

    @Test
    void request_isGivenUpBeforeAnybodyWorksOnIt_endsItsClaim() {
        BodyClaim claim = BodyClaim.on(budget, 60);
        assertThat(claim.admit()).isTrue();
        claim.abandon();

        assertThat(budget.held()).isZero();
    }

    @Test
    void request_isGivenUpWhileSomebodyWorksOnIt_keepsItsClaim() {
        BodyClaim claim = BodyClaim.on(budget, 60);
        assertThat(claim.admit()).isTrue();
        claim.begin();
        claim.abandon();
        assertThat(budget.held()).isEqualTo(60);

        claim.end();
        assertThat(budget.held()).isZero();
    }

    @Test
    void claim_isOver_isNotAdmittedAnyMore() {
        BodyClaim claim = BodyClaim.on(budget, 60);
        claim.end();

        assertThat(claim.admit()).isFalse();
        assertThat(budget.held()).isZero();
    }

    @Test
    void streams_areAskedForByNumber_andOldOnesForgotten() {
        StreamClaims streams = new StreamClaims(budget, 60);
        streams.headed(1);
        streams.headed(3);
        assertThat(streams.admits(1)).isTrue();
        assertThat(streams.admits(3)).isFalse();
        assertThat(streams.hasRefused(3)).isTrue();
        assertThat(streams.hasRefused(1)).isFalse();

        streams.allAbandoned();
        assertThat(budget.held()).isZero();
        // Trailers of a stream that is over.
        streams.headed(1);
        assertThat(budget.held()).isZero();
    }
}
