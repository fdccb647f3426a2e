package dev.narwhal.access.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.narwhal.access.Limits;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeyOptionsTest {

    private static Limits limits(String... words) {
        return new KeyOptions(List.of(words), KeyOptions.LIMITS).limits();
    }

    @Test
    void limits_areSizesAndNumbers() {
        assertThat(limits()).isEqualTo(Limits.NONE);
        assertThat(limits(
                        "--staged-bytes=10GB",
                        "--active-uploads=20",
                        "--upload-size=1MB",
                        "--creations-per-second=3",
                        "--requests-per-second=4",
                        "--bytes-per-second=1KB"))
                .isEqualTo(new Limits(10L << 30, 20L, 1L << 20, 3L, 4L, 1024L));
    }

    @Test
    void limits_thatAreNone_areExplained() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> limits("--staged-bytes=much"))
                .withMessage("--staged-bytes is 'much', but must be a size such as 10GB");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> limits("--active-uploads=1.5"))
                .withMessage("--active-uploads is '1.5', but must be a whole number");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> limits("--requests-per-second=0"))
                .withMessageContaining("0 requests per second");
    }
}
