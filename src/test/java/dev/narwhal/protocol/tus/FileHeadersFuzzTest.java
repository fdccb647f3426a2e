package dev.narwhal.protocol.tus;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadBuilder;
import dev.narwhal.upload.UploadId;
import dev.narwhal.upload.UploadState;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Name and type that an uploader chose, on their way into the headers of a download. */
class FileHeadersFuzzTest {

    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

    /** The first line is the type, the rest is the name. */
    @FuzzTest
    void nameAndType(byte[] drawn) {
        String[] lines = new String(drawn, UTF_8).split("\n\n", 2);
        FileHeaders headers = FileHeaders.of(upload(lines[0], lines.length == 2 ? lines[1] : null));

        assertThat(headers.contentType()).matches("[ -~]+/[ -~]+").doesNotContainIgnoringCase("html", "svg", "xml");
        assertThat(headers.disposition()).matches("(inline|attachment)[ -~]*");
        if (headers.disposition().startsWith("inline")) {
            assertThat(headers.contentType()).matches("(text/plain|image/|audio/|video/|application/ogg).*");
        }
    }

    private static Upload upload(String type, @Nullable String filename) {
        return UploadBuilder.upload()
                .id(new UploadId("0123456789abcdef0123456789abcdef"))
                .owner("")
                .length(1L)
                .offset(1)
                .filename(filename)
                .contentType(type)
                .state(UploadState.FINISHED)
                .createdAt(NOW)
                .volume("volume")
                .build();
    }
}
