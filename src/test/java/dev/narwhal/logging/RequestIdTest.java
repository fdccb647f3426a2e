package dev.narwhal.logging;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestIdTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "7b3d4c1e-0f6a-4e5b-9c8d-1a2b3c4d5e6f",
                "Root=1-67891233-abcdef012345678912345678",
                "01J_X.y:z/+~@"
            })
    void of_sane_isKept(String sent) {
        assertThat(RequestId.of(sent)).isEqualTo(sent);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "a b",
                "a\tb",
                "a\"b",
                "a\\b",
                "a,b",
                "a;b",
                "{a}",
                "ü",
                "a\u0000",
                "a\nb",
                "a\r\nX: y",
                "<a>"
            })
    void of_other_isReplaced(String sent) {
        assertThat(RequestId.of(sent)).matches("[0-9a-f]{16}");
    }

    @Test
    void of_length_isBounded() {
        assertThat(RequestId.of("a".repeat(128))).hasSize(128);
        assertThat(RequestId.of("a".repeat(129))).hasSize(16);
    }

    @Test
    void of_none_isNew() {
        assertThat(RequestId.of(null)).isNotEqualTo(RequestId.of(null));
    }
}
