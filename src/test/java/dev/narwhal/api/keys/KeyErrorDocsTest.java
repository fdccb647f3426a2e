package dev.narwhal.api.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeyErrorDocsTest {

    @Test
    void errors_all_areDocumentedWithTheirStatus() throws Exception {
        List<String> documented = Files.readAllLines(Path.of("docs/errors.md"));

        assertThat(Arrays.stream(KeyError.values())
                        .map(error -> "| `%s` | %d | %s |".formatted(error.name(), error.status(), error.sentence())))
                .isSubsetOf(documented);
    }
}
