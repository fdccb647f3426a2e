package dev.narwhal.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narwhal.upload.UploadId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What every implementation promises: one holder at a time, the newest valid request wins. */
abstract class UploadLeasesContract {

    private static final Duration TIMEOUT = Duration.ofMillis(300);
    private static final LeaseMetrics METRICS = new LeaseMetrics(new SimpleMeterRegistry());
    private final UploadLeases leases = leases(TIMEOUT, METRICS);
    private final UploadId id = UploadId.random();

    /** @param takeoverTimeout how long a newcomer waits for the holder to let go */
    abstract UploadLeases leases(Duration takeoverTimeout, LeaseMetrics metrics);

    @Test
    void acquire_free_isNoTakeover() {
        try (Lease lease = leases.acquire(id, patience -> true)) {
            assertThat(lease.isTakenOver()).isFalse();
            assertThat(leases.holder(id)).isPresent();
        }
        assertThat(leases.holder(id)).isEmpty();
    }

    @Test
    void acquire_heldByOneThatLetsGo_takesOver() {
        AtomicInteger asked = new AtomicInteger();
        Lease first = leases.acquire(id, patience -> asked.incrementAndGet() > 0);
        Lease second = leases.acquire(id, patience -> true);
        assertThat(asked).hasValue(1);
        assertThat(second.isTakenOver()).isTrue();

        first.close();
        assertThat(leases.holder(id)).as("a late close of the displaced lease").isPresent();
        second.close();
        assertThat(leases.holder(id)).isEmpty();
    }

    @Test
    void acquire_heldByOneThatDoesNot_failsAndLeavesItAlone() {
        LeaseHolder stubborn = patience -> false;
        Lease first = leases.acquire(id, stubborn);
        assertThatThrownBy(() -> leases.acquire(id, patience -> true)).isInstanceOf(LeaseUnavailableException.class);
        assertThat(leases.holder(id)).containsSame(stubborn);
        first.close();
    }

    @Test
    void acquire_fromSomebody_isCountedByItsOutcome() {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        UploadLeases counted = leases(TIMEOUT, new LeaseMetrics(meters));
        try (Lease first = counted.acquire(id, patience -> true);
                Lease second = counted.acquire(id, patience -> false)) {
            assertThat(second.isTakenOver()).isTrue();
            assertThatThrownBy(() -> counted.acquire(id, patience -> true))
                    .isInstanceOf(LeaseUnavailableException.class);
            assertThat(first.isHeld()).isFalse();
        }
        assertThat(meters.get("narwhal.lease.takeovers").counter().count()).isEqualTo(1);
        assertThat(meters.get("narwhal.lease.timeouts").counter().count()).isEqualTo(1);
        assertThat(meters.get("narwhal.lease.wait").timer().count()).isEqualTo(2);
    }

    @Test
    void holder_saysWhatItsHolderSays() {
        LeaseHolder body = new LeaseHolder() {
            @Override
            public boolean letGo(Duration patience) {
                return true;
            }

            @Override
            public boolean isWriting() {
                return true;
            }

            @Override
            public Optional<BodyProgress> progress() {
                return Optional.of(new BodyProgress(3, 7));
            }
        };
        try (Lease lease = leases.acquire(id, body)) {
            assertThat(lease.isHeld()).isTrue();
            assertThat(leases.holder(id).orElseThrow().isWriting()).isTrue();
            assertThat(leases.holder(id).flatMap(LeaseHolder::progress)).contains(new BodyProgress(3, 7));
        }
        try (Lease step = leases.acquireForStep(id)) {
            assertThat(step.isHeld()).isTrue();
            assertThat(leases.holder(id).orElseThrow().isWriting()).isFalse();
            assertThat(leases.holder(id).flatMap(LeaseHolder::progress)).isEmpty();
        }
    }

    @Test
    void acquire_otherUpload_asksNobody() {
        AtomicInteger asked = new AtomicInteger();
        Lease first = leases.acquire(id, patience -> asked.incrementAndGet() > 0);
        leases.acquire(UploadId.random(), patience -> true).close();
        assertThat(asked).hasValue(0);
        first.close();
    }

    @Test
    void acquireForStep_whileAnotherStepRuns_waitsForItsEnd() throws Exception {
        Lease step = leases.acquireForStep(id);
        CountDownLatch started = new CountDownLatch(1);
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Lease> next = executor.submit(() -> {
                started.countDown();
                return leases.acquireForStep(id);
            });
            started.await();
            assertThat(next.isDone()).isFalse();
            step.close();
            next.get().close();
        }
        assertThat(leases.holder(id)).isEmpty();
    }

    @Test
    void acquireForStepIfFree_held_asksNobodyAndWaitsForNobody() {
        AtomicInteger asked = new AtomicInteger();
        Lease writer = leases.acquire(id, patience -> asked.incrementAndGet() > 0);
        assertThat(leases.acquireForStepIfFree(id)).isEmpty();
        assertThat(asked).hasValue(0);
        writer.close();

        Lease step = leases.acquireForStepIfFree(id).orElseThrow();
        assertThatThrownBy(() -> leases.acquire(id, patience -> true)).isInstanceOf(LeaseUnavailableException.class);
        step.close();
        assertThat(leases.holder(id)).isEmpty();
    }

    @Test
    void isHeld_untilItIsClosedOrTakenOver() {
        Lease first = leases.acquire(id, patience -> true);
        assertThat(first.isHeld()).isTrue();
        Lease second = leases.acquire(id, patience -> true);
        assertThat(first.isHeld()).isFalse();
        assertThat(second.isHeld()).isTrue();
        second.close();
        assertThat(second.isHeld()).isFalse();
    }

    @Test
    void acquireForStep_stepTooLong_fails() {
        Lease step = leases.acquireForStep(id);
        assertThatThrownBy(() -> leases.acquireForStep(id)).isInstanceOf(LeaseUnavailableException.class);
        step.close();
    }

    @Test
    void mark_nobodyElseHadTheLease_isUnchanged() {
        leases.acquireForStep(id).close();
        UploadLeases.Mark mark = leases.mark(id);
        try (Lease mine = leases.acquireIfFree(id, patience -> true).orElseThrow()) {
            assertThat(mine.isHeld()).isTrue();
            assertThat(mark.isUnchanged()).isTrue();
        }
    }

    @Test
    void mark_somebodyHadTheLeaseInBetween_isChanged() {
        UploadLeases.Mark writer = leases.mark(id);
        leases.acquireIfFree(id, patience -> true).orElseThrow().close();
        UploadLeases.Mark step = leases.mark(id);
        leases.acquireForStepIfFree(id).orElseThrow().close();
        UploadLeases.Mark nobody = leases.mark(id);
        try (Lease mine = leases.acquire(id, patience -> true)) {
            assertThat(mine.isHeld()).isTrue();
            assertThat(writer.isUnchanged()).isFalse();
            assertThat(step.isUnchanged()).isFalse();
            assertThat(nobody.isUnchanged()).isTrue();
        }
    }

    @Test
    void mark_somebodyHadTheLeaseAlready_isChanged() {
        Lease first = leases.acquire(id, patience -> true);
        UploadLeases.Mark beforeTheEnd = leases.mark(id);
        first.close();
        try (Lease second = leases.acquire(id, patience -> true)) {
            assertThat(beforeTheEnd.isUnchanged()).isFalse();
            UploadLeases.Mark beforeTheTakeover = leases.mark(id);
            try (Lease third = leases.acquire(id, patience -> true)) {
                assertThat(third.isTakenOver()).isTrue();
                assertThat(second.isHeld()).isFalse();
                assertThat(beforeTheTakeover.isUnchanged()).isFalse();
            }
        }
    }

    /** What is read after the mark is what the last holder left: one who finds nothing changed never misses a change. */
    @Test
    void mark_manyAtOnce_whatWasReadBeforeTheLease_isTrueWhenUnchanged() throws Exception {
        AtomicInteger row = new AtomicInteger();
        AtomicInteger stale = new AtomicInteger();
        AtomicInteger unchanged = new AtomicInteger();
        UploadLeases patient = leases(Duration.ofSeconds(30), METRICS);
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 500; i++) {
                executor.submit(() -> {
                    UploadLeases.Mark mark = patient.mark(id);
                    int read = row.get();
                    Thread.yield();
                    try (Lease lease = patient.acquireForStep(id)) {
                        if (mark.isUnchanged()) {
                            unchanged.incrementAndGet();
                            stale.addAndGet(row.get() == read ? 0 : 1);
                        }
                        row.incrementAndGet();
                    }
                });
            }
        }
        assertThat(row).hasValue(500);
        assertThat(stale).hasValue(0);
        assertThat(unchanged).hasPositiveValue();
    }

    @Test
    void acquire_manyAtOnce_oneHolderAtATime() throws Exception {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger granted = new AtomicInteger();
        UploadLeases patient = leases(Duration.ofSeconds(30), METRICS);
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 200; i++) {
                executor.submit(() -> {
                    try (Lease lease = patient.acquireForStep(id)) {
                        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                        granted.incrementAndGet();
                        Thread.yield();
                        inside.decrementAndGet();
                    }
                });
            }
        }
        assertThat(granted).hasValue(200);
        assertThat(most).hasValue(1);
    }
}
