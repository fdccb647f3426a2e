package dev.narwhal.api.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class EventsErrorDocsTest {

    @Test
    void errors_all_areDocumentedWithTheirStatus() throws Exception {
        String docs = Files.readString(Path.of("docs/errors.md"));

        for (EventsError error : EventsError.values()) {
            assertThat(docs).contains("| `%s` | %d | %s |".formatted(error.name(), error.status(), error.sentence()));
        }
    }
}
