package dev.narwhal.protocol.tus;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ProblemBodyTest {

    @Test
    void json_hostileDetail_isEscaped() {
        byte[] json = ProblemBody.json("X", 400, "a\"b\\c\r\nd");
        assertThat(new String(json, StandardCharsets.UTF_8))
                .isEqualTo(
                        "{\"type\":\"about:blank\",\"status\":400,\"code\":\"X\",\"detail\":\"a\\\"b\\\\c\\u000d\\u000ad\"}\n");
    }

    @Test
    void errors_all_areDocumentedWithTheirStatus() throws Exception {
        String documented = Files.readString(Path.of("docs/errors.md"));
        String rows = Arrays.stream(TusError.values())
                .map(error -> "| `%s` | %d | %s |".formatted(error.name(), error.status(), error.sentence()))
                .collect(Collectors.joining("\n"));
        assertThat(documented).contains(rows);
    }
}
