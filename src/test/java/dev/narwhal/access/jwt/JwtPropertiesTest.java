package dev.narwhal.access.jwt;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class JwtPropertiesTest {

    @TempDir
    Path dir;

    @Test
    void nothing_isAllowed() {
        Assertions.assertThat(bind(Map.of()).audience()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "issuer-uri, https://login.example.org, audience is not set",
        "issuer-uri, login.example.org, issuer-uri is 'login.example.org'",
        "jwks-uri, ftp://example.org/keys, jwks-uri is 'ftp://example.org/keys'",
        "audience, narwhal, none of issuer-uri",
        "clock-skew, 11m, clock-skew is PT11M",
        "owner-claim, ' ', owner-claim",
    })
    void wrongValue_isExplained(String name, String value, String sentence) {
        assertThatThrownBy(() -> bind(Map.of(name, value))).rootCause().hasMessageContaining(sentence);
    }

    @Test
    void fileWithoutAKey_isExplained() throws Exception {
        Path file = Files.writeString(dir.resolve("key.pem"), "-----BEGIN PRIVATE KEY-----\nAAAA\n");

        for (Path wrong : new Path[] {file, dir.resolve("none.pem")}) {
            assertThatThrownBy(() -> bind(Map.of("public-key", wrong.toString(), "audience", "narwhal")))
                    .rootCause()
                    .hasMessageContaining("narwhal.access.jwt.public-key is '" + wrong + "'");
        }
    }

    private static JwtProperties bind(Map<String, String> settings) {
        Map<String, Object> named = new HashMap<>();
        settings.forEach((name, value) -> named.put(JwtProperties.PREFIX + "." + name, value));
        return new Binder(new MapConfigurationPropertySource(named))
                .bindOrCreate(JwtProperties.PREFIX, Bindable.of(JwtProperties.class));
    }
}
