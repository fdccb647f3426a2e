package dev.narwhal.startup;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OldGarbageTest {

    private static final long MIB = 1 << 20;

    private final OldGarbage garbage = new OldGarbage(3);

    @Test
    void smallHeap_isLeftAlone() {
        assertThat(garbage.isWorthALook(79 * MIB, 3)).isFalse();
    }

    @Test
    void growth_isAskedFor_untilTheCollectorHasLooked() {
        assertThat(garbage.isWorthALook(81 * MIB, 3)).isTrue();
        assertThat(garbage.isWorthALook(60 * MIB, 3)).isTrue();
        assertThat(garbage.isWorthALook(60 * MIB, 4)).isFalse();
    }

    /** Else live objects would be looked at without end. */
    @Test
    void whatIsLeft_isTheMeasureOfTheNextGrowth() {
        assertThat(garbage.isWorthALook(600 * MIB, 3)).isTrue();
        assertThat(garbage.isWorthALook(480 * MIB, 4)).isFalse();
        assertThat(garbage.isWorthALook(539 * MIB, 4)).isFalse();
        assertThat(garbage.isWorthALook(541 * MIB, 4)).isTrue();
    }

    /** The memory of what was collected is not returned yet. */
    @Test
    void collectedGarbage_isWorthALookMore() {
        assertThat(garbage.isWorthALook(600 * MIB, 4)).isFalse();
        assertThat(garbage.isWorthALook(526 * MIB, 4)).isFalse();
        assertThat(garbage.isWorthALook(524 * MIB, 4)).isTrue();
        assertThat(garbage.isWorthALook(524 * MIB, 5)).isFalse();
    }

    @Test
    void cycleThatNobodyAskedFor_counts() {
        assertThat(garbage.isWorthALook(70 * MIB, 4)).isFalse();
        assertThat(garbage.isWorthALook(101 * MIB, 4)).isFalse();
        assertThat(garbage.isWorthALook(103 * MIB, 4)).isTrue();
    }
}
