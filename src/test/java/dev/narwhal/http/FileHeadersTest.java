package dev.narwhal.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class FileHeadersTest {

    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

    @Test
    void of_longName_fitsIntoAHead() {
        FileHeaders headers = headers("text/plain", "\u65E5".repeat(6000) + ".txt");

        assertThat(headers.disposition()).hasSizeLessThan(2000).endsWith("%E6%97%A5.txt");
    }

    @Test
    void of_longType_isUnknownBytes() {
        FileHeaders headers = headers("text/plain;a=" + "b".repeat(20_000), "a.txt");

        assertThat(headers.contentType()).isEqualTo("application/octet-stream");
    }

    /** As the key has it. */
    @Test
    void of_name_isCleanedAsKeysAre() {
        assertThat(headers("text/plain", "\uFEFF../a\u200Bux.txt.").disposition())
                .isEqualTo("inline; filename=\".._aux.txt_\"; filename*=UTF-8''.._aux.txt_");
        assertThat(headers("text/plain", "\u200B").disposition()).isEqualTo("inline");
    }

    private static FileHeaders headers(String type, String filename) {
        return FileHeaders.of("0123456789abcdef0123456789abcdef", NOW, type, filename);
    }
}
