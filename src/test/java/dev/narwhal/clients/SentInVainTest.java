package dev.narwhal.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.SentBody;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SentInVainTest {

    @Test
    void bodies_areComparedWithWhereTheNextOneBegins() {
        SentInVain inVain = SentInVain.of(
                List.of(
                        new SentBody("/files/a", 3, 80, 20, ""),
                        new SentBody("/files/a", 1, 0, 50, "RESET"),
                        new SentBody("/files/a", 2, 40, 45, "STALL"),
                        new SentBody("/files/other", 1, 0, 1000, "RESET")),
                Map.of("/files/a", 100L));
        assertThat(inVain.total()).isEqualTo(10 + 5);
        assertThat(inVain.average("RESET")).isEqualTo(10);
        assertThat(inVain.average("STALL")).isEqualTo(5);
        assertThat(inVain.toString()).contains("RESET ", "STALL ", "NONE ");
    }

    @Test
    void nothingSent_isNothingInVain() {
        SentInVain inVain = SentInVain.of(List.of(), Map.of());
        assertThat(inVain.total()).isZero();
        assertThat(inVain.average("RESET")).isZero();
    }
}
