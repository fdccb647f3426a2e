package dev.narwhal.upload;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class UploadIdTest {

    private static final int BITS = 128;
    private static final int COMMON = 6;

    private static BigInteger number(UploadId id) {
        return new BigInteger(id.value(), 16);
    }

    @Test
    void random_hasItsFirstSixBitsInCommonWithItsNeighbours() {
        List<UploadId> ids = Stream.generate(UploadId::random).limit(1000).toList();
        assertThat(ids.stream()
                        .map(id -> number(id).shiftRight(BITS - COMMON))
                        .distinct()
                        .count())
                .isBetween(1L, 2L);
        assertThat(ids).doesNotHaveDuplicates();
    }

    @Test
    void random_hasAllOtherBitsAtRandom() {
        List<BigInteger> ids = Stream.generate(UploadId::random)
                .limit(2000)
                .map(UploadIdTest::number)
                .toList();
        for (int bit = 0; bit < BITS - COMMON; bit++) {
            int at = bit;
            assertThat(ids.stream().filter(id -> id.testBit(at)).count())
                    .as("ids with bit %s", bit)
                    .isBetween(750L, 1250L);
        }
    }

    @Test
    void random_changesTheFirstBitsAfterManyIds() {
        assertThat(Stream.generate(UploadId::random)
                        .limit(1 << 16)
                        .map(id -> id.value().charAt(0))
                        .distinct()
                        .count())
                .isGreaterThan(1);
    }
}
