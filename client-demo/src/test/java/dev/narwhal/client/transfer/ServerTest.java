package dev.narwhal.client.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    @ParameterizedTest
    @ValueSource(strings = {"localhost:8080/files", "/files", "ftp://localhost/files", "http:///files", "file:/tmp"})
    void endpoint_notOfAnHttpServer_isRefusedWithItsValue(String url) {
        assertThatThrownBy(() -> new Server(URI.create(url), Map.of(), MINUTE)).hasMessageContaining("'" + url + "'");
    }

    @Test
    void endpoint_upperCaseScheme_isAccepted() {
        assertThat(new Server(URI.create("HTTPS://files.example/files"), Map.of(), MINUTE).headers())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Host", "content-length", "Origin", "Upload-Offset", "TUS-RESUMABLE"})
    void headers_thatTheClientSets_areRefused(String name) {
        URI endpoint = URI.create("http://localhost/files");
        assertThatThrownBy(() -> new Server(endpoint, Map.of(name, "x"), MINUTE))
                .hasMessageContaining("'" + name + "'");
    }
}
