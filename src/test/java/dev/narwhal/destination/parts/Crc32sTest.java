package dev.narwhal.destination.parts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.destination.PartPlan;
import dev.narwhal.destination.SentPart;
import dev.narwhal.destination.TestContent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Crc32sTest {

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 255, 256, 65_535, 1_000_003})
    void combine_isTheSumOfTheWhole(int secondLength) throws IOException {
        TestContent whole = TestContent.random(1000 + secondLength);

        int combined = Crc32s.combine(Crc32s.of(whole, 0, 1000), Crc32s.of(whole, 1000, secondLength), secondLength);

        assertThat(combined).isEqualTo(crc(whole.bytes()));
    }

    @Test
    void fullObject_joinsAllParts() throws IOException {
        PartPlan plan = new PartPlan(2 * PartPlan.MIN_PART_SIZE + 7, PartPlan.MIN_PART_SIZE);
        TestContent whole = TestContent.random((int) plan.length());
        List<SentPart> parts = new ArrayList<>();
        for (int number = 1; number <= plan.partCount(); number++) {
            int crc = Crc32s.of(whole, plan.position(number), plan.size(number));
            parts.add(new SentPart(number, plan.size(number), "etag", Crc32s.encode(crc)));
        }

        assertThat(Crc32s.fullObject(plan, parts)).isEqualTo(Crc32s.encode(crc(whole.bytes())));
    }

    @Test
    void encode_isWhatS3Writes() {
        // The check value of this CRC, over "123456789".
        assertThat(Crc32s.encode(0xCBF43926)).isEqualTo("y/Q5Jg==");
        assertThat(Crc32s.decode("y/Q5Jg==")).isEqualTo(0xCBF43926);
        assertThat(Crc32s.encode(0)).isEqualTo("AAAAAA==");
    }

    private static int crc(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        return (int) crc.getValue();
    }
}
