package dev.narwhal.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.upload.UploadId;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class UnacknowledgedBodiesTest {

    private final AtomicLong nanos = new AtomicLong(1);
    private final UnacknowledgedBodies bodies = new UnacknowledgedBodies(nanos::get);
    private final UploadId id = UploadId.random();

    @Test
    void overtook_offsetWithinTheLostBody_only() {
        bodies.ended(id, 10, 20);
        assertThat(bodies.overtook(id, 9)).as("stale before that body").isFalse();
        assertThat(bodies.overtook(id, 10)).isTrue();
        assertThat(bodies.overtook(id, 19)).isTrue();
        assertThat(bodies.overtook(id, 20)).as("the true offset").isFalse();
        assertThat(bodies.overtook(UploadId.random(), 15)).isFalse();
    }

    @Test
    void overtook_lostBodiesInARow_areOne() {
        bodies.ended(id, 10, 20);
        bodies.ended(id, 20, 30);
        assertThat(bodies.overtook(id, 12)).isTrue();
    }

    @Test
    void overtook_afterAnAnswer_no() {
        bodies.ended(id, 10, 20);
        bodies.acknowledged(id);
        assertThat(bodies.overtook(id, 15)).isFalse();
    }

    @Test
    void overtook_longAfter_no() {
        bodies.ended(id, 10, 20);
        nanos.addAndGet(Duration.ofMinutes(2).toNanos());
        assertThat(bodies.overtook(id, 15)).isFalse();
    }

    @Test
    void overtook_bodyThatBroughtNothing_no() {
        bodies.ended(id, 10, 10);
        assertThat(bodies.overtook(id, 10)).isFalse();
    }
}
