package dev.narwhal.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ProblemTest {

    @Test
    void json_hostileDetail_isEscaped() {
        byte[] json = Problem.json("X", 400, "a\"b\\c\r\nd");
        assertThat(new String(json, StandardCharsets.UTF_8))
                .isEqualTo(
                        "{\"type\":\"about:blank\",\"status\":400,\"code\":\"X\",\"detail\":\"a\\\"b\\\\c\\u000d\\u000ad\"}\n");
    }
}
