package dev.narwhal.protocol.tus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.unit.DataSize;

class TusPropertiesTest {

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "10.0.0.0/8", "0.0.0.0/0", "::1", "fd00::/8", "::ffff:10.0.0.1"})
    void trustedProxies_areAddressesAndRanges(String proxy) {
        assertThat(properties(List.of(proxy), "256KB").trustedProxies()).containsExactly(proxy);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "proxy.example.org",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0",
                "10.0.0.256",
                "1",
                "::1/129",
                "*",
                "",
                "10.0.0.0/8;80",
                "10.0.0.0/",
                "fe80::1%lo",
                ":::1",
                "10.0.0.0/8/8"
            })
    void trustedProxies_thatAreNone_areRefused(String proxy) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> properties(List.of("10.0.0.1", proxy), "256KB"))
                .withMessageContaining("narwhal.tus.trusted-proxies has '" + proxy + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0B", "63KB", "17MB"})
    void http2Window_outOfRange_isRefused(String window) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> properties(List.of(), window))
                .withMessageContaining("narwhal.tus.http2-window");
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "null"})
    void credentials_needNamedOrigins(String origin) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TusProperties.Cors(List.of("https://app.example.org", origin), true, List.of()))
                .withMessageContaining("narwhal.tus.cors.allow-credentials");
        assertThat(new TusProperties.Cors(List.of("https://app.example.org"), true, List.of()).allowCredentials())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "X CSRF", "X-CSRF:", "X-\u00dc", "a,b", "*"})
    void allowedHeaders_thatAreNoNames_areRefused(String header) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TusProperties.Cors(List.of("*"), false, List.of("baggage", header)))
                .withMessageContaining("narwhal.tus.cors.allowed-headers has '" + header + "'");
        assertThat(new TusProperties.Cors(List.of("*"), false, List.of("*")).allowedHeaders())
                .containsExactly("*");
    }

    private static TusProperties properties(List<String> proxies, String window) {
        return new TusProperties(
                "/files",
                null,
                proxies,
                DataSize.parse(window),
                new TusProperties.Cors(List.of("*"), false, List.of()));
    }
}
