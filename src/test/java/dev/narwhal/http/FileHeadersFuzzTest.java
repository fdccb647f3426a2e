package dev.narwhal.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.time.Instant;

/** Name and type that an uploader chose, on their way into the headers of a download. */
class FileHeadersFuzzTest {

    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

    /** The first line is the type, the rest is the name. */
    @FuzzTest
    void nameAndType(byte[] drawn) {
        String[] lines = new String(drawn, UTF_8).split("\n\n", 2);
        FileHeaders headers = FileHeaders.of("0123", NOW, lines[0], lines.length == 2 ? lines[1] : null);

        assertThat(headers.contentType()).matches("[ -~]+/[ -~]+").doesNotContainIgnoringCase("html", "svg", "xml");
        assertThat(headers.disposition()).matches("(inline|attachment)[ -~]*");
        if (headers.disposition().startsWith("inline")) {
            assertThat(headers.contentType()).matches("(text/plain|image/|audio/|video/|application/ogg).*");
        }
    }
}
