package dev.narwhal.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArgumentsTest {

    @ParameterizedTest
    @CsvSource({"1, 1", "64k, 65536", "10M, 10485760", "10 MiB, 10485760", "1.5GB, 1610612736", "2t, 2199023255552"})
    void size_inAnySpelling_isBinary(String text, long bytes) {
        assertThat(ByteSize.parse(text).bytes()).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "-1", "M", "10X", "1e3", "ten"})
    void size_nonsense_isRefused(String text) {
        assertThatThrownBy(() -> ByteSize.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "45, 45", "30s, 30", "10m, 600", "2h, 7200", "1d, 86400"})
    void duration_inAnyUnit_isRead(String text, long seconds) {
        assertThat(Durations.parse(text)).isEqualTo(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-5s", "5 weeks", "m"})
    void duration_nonsense_isRefused(String text) {
        assertThatThrownBy(() -> Durations.parse(text)).hasMessageContaining("'" + text + "'");
    }

    @Test
    void header_nameAndValue_areTrimmed() {
        assertThat(Header.parse("Authorization:  Bearer a:b ")).isEqualTo(new Header("Authorization", "Bearer a:b"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Authorization", ": x", "a b: c", "X: a\r\nY: b"})
    void header_nonsense_isRefused(String text) {
        assertThatThrownBy(() -> Header.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
