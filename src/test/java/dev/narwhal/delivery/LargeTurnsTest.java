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

    /** The turn that is free is that of the one who was called; and another one waits for the next. */
    @Test
    void enterAhead_onlyWhileNobodyWaits() {
        turns.enter(a);
        turns.enter(b);
        turns.enter(c);
        turns.enter(d);
        assertThat(turns.leave(a)).contains(c);
        assertThat(turns.enterAhead(a)).isFalse();

        assertThat(turns.enter(c)).isTrue();
        assertThat(turns.leave(b)).contains(d);
        assertThat(turns.enterAhead(a)).isTrue();
    }

    @Test
    void enterAhead_withoutATurn_isNotCalled() {
        assertThat(turns.enterAhead(a)).isTrue();
        assertThat(turns.enter(b)).isTrue();
        assertThat(turns.enterAhead(c)).isFalse();
        assertThat(turns.leave(a)).isEmpty();
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
