package dev.narwhal.client.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnitsTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "1023, 1023 B",
        "1024, 1.0 KiB",
        "1536, 1.5 KiB",
        "1048575, 1.0 MiB",
        "26214400, 25.0 MiB",
        "5497558138880, 5.0 TiB",
        "9223372036854775807, 8.0 EiB"
    })
    void bytes_ofAnySize_haveOneDecimal(long count, String text) {
        assertThat(Units.bytes(count)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0.0 s",
        "449, 0.4 s",
        "59940, 59.9 s",
        "59960, 1 min 00 s",
        "125000, 2 min 05 s",
        "3780000, 1 h 03 min"
    })
    void duration_ofAnyLength_isRounded(long millis, String text) {
        assertThat(Units.duration(Duration.ofMillis(millis))).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"42, 0:42", "725, 12:05", "3723, 1:02:03", "360000, 100:00:00"})
    void clock_ofAnyLength_hasColons(long seconds, String text) {
        assertThat(Units.clock(Duration.ofSeconds(seconds))).isEqualTo(text);
    }

    @Test
    void percent_lastByteMissing_isNot100() {
        assertThat(Units.percent(999_999, 1_000_000)).isEqualTo(99);
        assertThat(Units.percent(0, 0)).isEqualTo(100);
        assertThat(Units.percent(Long.MAX_VALUE, Long.MAX_VALUE)).isEqualTo(100);
    }

    @Test
    void printable_controlAndFormatCharacters_areReplaced() {
        assertThat(Units.printable("a\u001B[2Jb\u202Ec ö 🐳")).isEqualTo("a?[2Jb?c ö 🐳");
    }
}
