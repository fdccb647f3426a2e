package dev.narwhal.protocol.tus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.http.ErrorCode;
import dev.narwhal.http.HttpError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ErrorDocsTest {

    @Test
    void errors_all_areDocumentedWithTheirStatus() throws Exception {
        String documented = Files.readString(Path.of("docs/errors.md"));
        for (ErrorCode[] table : List.of(HttpError.values(), TusError.values())) {
            String rows = Arrays.stream(table)
                    .map(error -> "| `%s` | %d | %s |".formatted(error.name(), error.status(), error.sentence()))
                    .collect(Collectors.joining("\n"));
            assertThat(documented).contains(rows);
        }
    }
}
