package dev.narwhal.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeapSharesTest {

    private static final long MIB = 1 << 20;

    @ParameterizedTest
    @ValueSource(longs = {128, 256, 512, 1024})
    void connections_fitIntoTheHeapBesideTheBodies(long mebibytes) {
        long heap = mebibytes * MIB;
        HeapShares shares = new HeapShares(heap, heap / 2);

        long bodies = shares.bodies() / HeapShares.STRAIGHT_BODY;
        long others = shares.connections() - bodies;
        assertThat(others).as("connections for those that send no body").isGreaterThan(bodies / 4);
        assertThat(shares.bodies() + others * HeapShares.CONNECTION).isLessThanOrEqualTo(heap * 2 / 3);
    }

    @Test
    void connections_areNeverMoreThan20000NorLessThan100() {
        assertThat(new HeapShares(64L << 30, 32L << 30).connections()).isEqualTo(20_000);
        assertThat(new HeapShares(8 * MIB, MIB).connections()).isEqualTo(100);
    }

    @Test
    void http2Body_holdsTwoWindows_andARegionForEachThatIsLarge() {
        assertThat(HeapShares.http2Body(256 << 10)).isEqualTo(612 << 10);
        assertThat(HeapShares.http2Body(MIB)).isEqualTo(4 * MIB + (100 << 10));
    }
}
