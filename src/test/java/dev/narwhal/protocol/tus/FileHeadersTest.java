package dev.narwhal.protocol.tus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadId;
import dev.narwhal.upload.UploadKind;
import dev.narwhal.upload.UploadState;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class FileHeadersTest {

    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

    @Test
    void of_longName_fitsIntoAHead() {
        FileHeaders headers = FileHeaders.of(upload("text/plain", "\u65E5".repeat(6000) + ".txt"));

        assertThat(headers.disposition()).hasSizeLessThan(2000).endsWith("%E6%97%A5.txt");
    }

    @Test
    void of_longType_isUnknownBytes() {
        FileHeaders headers = FileHeaders.of(upload("text/plain;a=" + "b".repeat(20_000), "a.txt"));

        assertThat(headers.contentType()).isEqualTo("application/octet-stream");
    }

    /** As the key has it. */
    @Test
    void of_name_isCleanedAsKeysAre() {
        assertThat(FileHeaders.of(upload("text/plain", "\uFEFF../a\u200Bux.txt."))
                        .disposition())
                .isEqualTo("inline; filename=\".._aux.txt_\"; filename*=UTF-8''.._aux.txt_");
        assertThat(FileHeaders.of(upload("text/plain", "\u200B")).disposition()).isEqualTo("inline");
    }

    private static Upload upload(String type, String filename) {
        return new Upload(
                new UploadId("0123456789abcdef0123456789abcdef"),
                "",
                UploadKind.WHOLE,
                1L,
                1,
                null,
                filename,
                type,
                UploadState.FINISHED,
                NOW,
                NOW,
                NOW,
                null,
                "volume",
                0,
                null);
    }
}
