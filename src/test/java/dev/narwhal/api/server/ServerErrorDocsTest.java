package dev.narwhal.api.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ServerErrorDocsTest {

    @Test
    void errors_all_areDocumentedWithTheirStatus() throws Exception {
        String docs = Files.readString(Path.of("docs/errors.md"));

        for (ServerError error : ServerError.values()) {
            assertThat(docs).contains("| `%s` | %d | %s |".formatted(error.name(), error.status(), error.sentence()));
        }
    }
}
