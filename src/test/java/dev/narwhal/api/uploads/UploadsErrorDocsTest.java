package dev.narwhal.api.uploads;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class UploadsErrorDocsTest {

    @Test
    void errors_all_areDocumentedWithTheirStatus() throws Exception {
        String rows = Arrays.stream(UploadsError.values())
                .map(error -> "| `%s` | %d | %s |".formatted(error.name(), error.status(), error.sentence()))
                .collect(Collectors.joining("\n"));

        assertThat(Files.readString(Path.of("docs/errors.md"))).contains(rows);
    }
}
