package dev.narwhal.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class LimitsTest {

    @Test
    void text_isReadAsItWasWritten() {
        Limits limits = new Limits(1L << 40, 3L, null, 5L, null, 0x7fffffffffffffffL);

        assertThat(Limits.parse(limits.text())).isEqualTo(limits);
        assertThat(Limits.NONE.text()).isNull();
        assertThat(Limits.parse(null)).isEqualTo(Limits.NONE);
        assertThat(Limits.parse("{\"ofALaterVersion\":1}")).isEqualTo(Limits.NONE);
    }

    @Test
    void and_takesTheStricterOfEach() {
        Limits one = new Limits(10L, null, 5L, null, null, null);
        Limits other = new Limits(7L, 2L, 9L, null, null, null);

        assertThat(one.and(other)).isEqualTo(new Limits(7L, 2L, 5L, null, null, null));
        assertThat(one.and(Limits.NONE)).isEqualTo(one);
        assertThat(Limits.NONE.and(other)).isEqualTo(other);
    }

    @Test
    void valuesOutOfRange_areRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Limits(-1L, null, null, null, null, null))
                .withMessageContaining("-1 staged bytes");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Limits(null, null, null, null, 0L, null))
                .withMessageContaining("0 requests per second");
    }
}
