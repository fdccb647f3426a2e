package dev.narwhal.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.upload.UploadId;
import org.junit.jupiter.api.Test;

class LargeTurnsTest {

    private final LargeTurns turns = new LargeTurns(2);
    private final UploadId a = UploadId.random();
    private final UploadId b = UploadId.random();
    private final UploadId c = UploadId.random();
    private final UploadId d = UploadId.random();

    @Test
    void enter_asManyAsThereAre() {
        assertThat(turns.enter(a)).isTrue();
        assertThat(turns.enter(b)).isTrue();
        assertThat(turns.enter(c)).isFalse();
    }

    @Test
    void leave_callsWhoHasWaitedLongest() {
        turns.enter(a);
        turns.enter(b);
        turns.enter(c);
        turns.enter(d);
        turns.enter(c);

        assertThat(turns.leave(a)).contains(c);
        assertThat(turns.enter(c)).isTrue();
        assertThat(turns.leave(b)).contains(d);
        assertThat(turns.leave(c)).isEmpty();
    }

    @Test
    void enterAhead_onlyWhileNobodyWaits() {
        assertThat(turns.enterAhead(a)).isTrue();
        assertThat(turns.enter(b)).isTrue();
        assertThat(turns.enter(c)).isFalse();
        turns.leave(b);
        turns.enter(d);

        assertThat(turns.enterAhead(b)).isFalse();
    }

    @Test
    void leave_calledAndNeverCome_isInNobodysWay() {
        turns.enter(a);
        turns.enter(b);
        turns.enter(c);
        turns.leave(a);

        assertThat(turns.leave(b)).isEmpty();
        assertThat(turns.enterAhead(d)).isTrue();
    }
}
