package dev.narwhal.batch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BatchKeyTest {

    private static String header(String key, String value) {
        return key + " " + Base64.getEncoder().encodeToString(value.getBytes(UTF_8));
    }

    @Test
    void batch_isTheDecodedValue() {
        assertThat(BatchKey.of(header("filename", "a") + ", " + header("batch", "Größe 1;2")))
                .contains("Größe 1;2");
        assertThat(BatchKey.of(header("batch", "x".repeat(128)))).isPresent();
    }

    @Test
    void batch_withoutTheKey_isNone() {
        assertThat(BatchKey.of(null)).isEmpty();
        assertThat(BatchKey.of("")).isEmpty();
        assertThat(BatchKey.of("batch")).isEmpty();
        assertThat(BatchKey.of(header("batches", "a"))).isEmpty();
        assertThat(BatchKey.of(header("filename", "batch"))).isEmpty();
        assertThat(BatchKey.of("batch %%%")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", ".", "..", "a/b", "a\\b", "a\nb", "a\0b"})
    void batch_thatNoPathCanName_isNone(String value) {
        assertThat(BatchKey.of(header("batch", value))).isEmpty();
    }

    @Test
    void batch_tooLong_isNone() {
        assertThat(BatchKey.of(header("batch", "x".repeat(129)))).isEmpty();
    }
}
