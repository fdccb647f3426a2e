package dev.narwhal.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.upload.UploadId;
import org.junit.jupiter.api.Test;

class TransferSlotsTest {

    private final TransferSlots slots = new TransferSlots(2);
    private final UploadId a = UploadId.random();
    private final UploadId b = UploadId.random();
    private final UploadId c = UploadId.random();
    private final UploadId d = UploadId.random();

    @Test
    void tryAcquire_asManyAsThereAre() {
        assertThat(slots.tryAcquire(a)).isTrue();
        assertThat(slots.tryAcquire(b)).isTrue();
        assertThat(slots.tryAcquire(c)).isFalse();
    }

    @Test
    void release_namesWhoHasWaitedLongest() {
        slots.tryAcquire(a);
        slots.tryAcquire(b);
        slots.tryAcquire(c);
        slots.tryAcquire(d);
        slots.tryAcquire(c);

        assertThat(slots.release(a)).contains(c);
        assertThat(slots.tryAcquire(c)).isTrue();
        assertThat(slots.release(b)).contains(d);
        assertThat(slots.release(c)).isEmpty();
    }

    /** The slot that is free is for the one who was named; and another one waits for the next. */
    @Test
    void tryAcquireIdle_onlyWhileNobodyWaits() {
        slots.tryAcquire(a);
        slots.tryAcquire(b);
        slots.tryAcquire(c);
        slots.tryAcquire(d);
        assertThat(slots.release(a)).contains(c);
        assertThat(slots.tryAcquireIdle(a)).isFalse();

        assertThat(slots.tryAcquire(c)).isTrue();
        assertThat(slots.release(b)).contains(d);
        assertThat(slots.tryAcquireIdle(a)).isTrue();
    }

    @Test
    void tryAcquireIdle_withoutATurn_isNotCalled() {
        assertThat(slots.tryAcquireIdle(a)).isTrue();
        assertThat(slots.tryAcquire(b)).isTrue();
        assertThat(slots.tryAcquireIdle(c)).isFalse();
        assertThat(slots.release(a)).isEmpty();
    }

    @Test
    void release_calledAndNeverCome_isInNobodysWay() {
        slots.tryAcquire(a);
        slots.tryAcquire(b);
        slots.tryAcquire(c);
        slots.release(a);

        assertThat(slots.release(b)).isEmpty();
        assertThat(slots.tryAcquireIdle(d)).isTrue();
    }
}
