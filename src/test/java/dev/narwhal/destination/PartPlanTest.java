package dev.narwhal.destination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PartPlanTest {

    private static final long MIB = 1L << 20;
    private static final long TIB = 1L << 40;

    @ParameterizedTest
    @CsvSource({
        "0, 16, 1",
        "1, 16, 1",
        "16777216, 16, 1",
        "16777217, 16, 2",
        "5368709121, 16, 321",
        "167772160000, 16, 10000",
        "167772160001, 17, 9412",
        "5497558138880, 525, 9987",
    })
    void of_growsWithTheLength(long length, long partMebibytes, int count) {
        PartPlan plan = PartPlan.of(length);

        assertThat(plan.partSize()).isEqualTo(partMebibytes * MIB);
        assertThat(plan.partCount()).isEqualTo(count);
    }

    @ParameterizedTest
    @ValueSource(longs = {48 * TIB, Long.MAX_VALUE / 2, Long.MAX_VALUE})
    void of_anyLength_hasAPlan(long length) {
        assertThat(PartPlan.of(length).partCount()).isBetween(2, PartPlan.MAX_PARTS);
    }

    @Test
    void parts_coverTheWholeOnce() {
        PartPlan plan = new PartPlan(11 * MIB + 1, 5 * MIB);
        long end = 0;
        for (int number = 1; number <= plan.partCount(); number++) {
            assertThat(plan.position(number)).isEqualTo(end);
            end += plan.size(number);
        }

        assertThat(plan.partCount()).isEqualTo(3);
        assertThat(end).isEqualTo(plan.length());
    }

    @Test
    void new_impossible_saysWhy() {
        assertThatThrownBy(() -> new PartPlan(-1, 5 * MIB)).hasMessageContaining("-1");
        assertThatThrownBy(() -> new PartPlan(1, 5 * MIB - 1)).hasMessageContaining("5242879");
        assertThatThrownBy(() -> new PartPlan(TIB, 5 * MIB)).hasMessageContaining("10000");
    }
}
