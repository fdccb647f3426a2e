package dev.narwhal.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.unit.DataSize;

class UploadPropertiesTest {

    private static UploadProperties bind(Map<String, String> settings) {
        return new Binder(new MapConfigurationPropertySource(settings))
                .bindOrCreate("narwhal.upload", UploadProperties.class);
    }

    @Test
    void defaults_areTheDocumentedOnes() {
        assertThat(bind(Map.of()))
                .isEqualTo(new UploadProperties(
                        null,
                        Duration.ofHours(24),
                        Duration.ofMinutes(1),
                        Duration.ofSeconds(60),
                        DataSize.ofBytes(100),
                        64));
    }

    @Test
    void names_areTheDocumentedOnes() {
        Map<String, String> settings = Map.of(
                "narwhal.upload.max-size", "5GB",
                "narwhal.upload.expire-after", "7d",
                "narwhal.upload.sweep-interval", "10s",
                "narwhal.upload.body-timeout", "100ms",
                "narwhal.upload.minimum-rate", "0",
                "narwhal.upload.max-partials", "1000");

        assertThat(bind(settings))
                .isEqualTo(new UploadProperties(
                        DataSize.ofGigabytes(5),
                        Duration.ofDays(7),
                        Duration.ofSeconds(10),
                        Duration.ofMillis(100),
                        DataSize.ofBytes(0),
                        1000));
    }

    @ParameterizedTest
    @CsvSource({
        "max-size, 0B, at least 1B",
        "max-size, -1B, at least 1B",
        "expire-after, 999ms, '1s to 3650d, or 0 for never'",
        "expire-after, -1s, '1s to 3650d, or 0 for never'",
        "expire-after, 3651d, '1s to 3650d, or 0 for never'",
        "sweep-interval, 999ms, 1s to 1h",
        "sweep-interval, 0s, 1s to 1h",
        "sweep-interval, 61m, 1s to 1h",
        "body-timeout, 99ms, 100ms to 1h",
        "body-timeout, 61m, 100ms to 1h",
        "minimum-rate, -1B, 0B to 1MB",
        "minimum-rate, 1025KB, 0B to 1MB",
        "max-partials, 0, 1 to 1000",
        "max-partials, 1001, 1 to 1000",
    })
    void outOfRange_isRefusedWithNameAndWhatIsAllowed(String name, String value, String allowed) {
        assertThatThrownBy(() -> bind(Map.of("narwhal.upload." + name, value)))
                .rootCause()
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("narwhal.upload." + name)
                .hasMessageContaining(allowed);
    }

    @Test
    void outOfRange_isRefusedWithTheValue() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new UploadProperties(
                        null,
                        Duration.ofMillis(1),
                        Duration.ofMinutes(1),
                        Duration.ofSeconds(60),
                        DataSize.ofBytes(100),
                        256))
                .withMessageContaining(Duration.ofMillis(1).toString());
    }

    @Test
    void expireAfterZero_meansNever() {
        assertThat(bind(Map.of("narwhal.upload.expire-after", "0s")).isExpiring())
                .isFalse();
        assertThat(bind(Map.of("narwhal.upload.expire-after", "0")).isExpiring())
                .isFalse();
        assertThat(bind(Map.of("narwhal.upload.expire-after", "1s")).isExpiring())
                .isTrue();
    }
}
