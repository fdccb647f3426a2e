package dev.narwhal.protocol.tus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.http.TrustedProxies;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockHttpServletRequest;

class UploadLocationTest {

    private static final TrustedProxies PROXIES =
            TrustedProxies.of(List.of("10.0.0.0/8", "192.0.2.7", "2001:db8::/32", "::1"));

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            X-Forwarded-Proto: https; X-Forwarded-Host: up.example.org | https://up.example.org/files/id
            X-Forwarded-Proto: https; X-Forwarded-Host: up.example.org:8443 | https://up.example.org:8443/files/id
            X-Forwarded-Proto: https; X-Forwarded-Host: up.example.org:443 | https://up.example.org/files/id
            X-Forwarded-Proto: https; X-Forwarded-Host: up.example.org; X-Forwarded-Port: 8443 | https://up.example.org:8443/files/id
            X-Forwarded-Proto: http; X-Forwarded-Host: [2001:db8::5]:81 | http://[2001:db8::5]:81/files/id
            X-Forwarded-Proto: https; X-Forwarded-Host: a.example; X-Forwarded-Prefix: /up/ | https://a.example/up/files/id
            X-Forwarded-Prefix: /up/load | /up/load/files/id
            X-Forwarded-Prefix: / | /files/id
            X-Forwarded-Proto: https | /files/id
            X-Forwarded-Host: up.example.org | /files/id
            Forwarded: for=203.0.113.9%proto=https%host=up.example.org | https://up.example.org/files/id
            Forwarded: for=203.0.113.9%PROTO=https%Host="up.example.org:8443" | https://up.example.org:8443/files/id
            Forwarded: for=203.0.113.9%host=up.example.org | /files/id
            """)
    void forwarded_fromATrustedPeer_decides(String headers, String expected) {
        assertThat(location("10.1.2.3", headers)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"11.0.0.1", "192.0.2.8", "2001:db9::1", "::2", "localhost", ""})
    void forwarded_fromAStranger_isIgnored(String peer) {
        assertThat(location(
                        peer, "X-Forwarded-Proto: https; X-Forwarded-Host: evil.example; X-Forwarded-Prefix: /evil"))
                .isEqualTo("/files/id");
        assertThat(location(peer, "Forwarded: proto=https%host=evil.example")).isEqualTo("/files/id");
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.255.255.255", "192.0.2.7", "2001:db8:1::1", "::1", "0:0:0:0:0:0:0:1"})
    void peer_isFoundInTheRanges(String peer) {
        assertThat(location(peer, "X-Forwarded-Prefix: /up")).isEqualTo("/up/files/id");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            X-Forwarded-For: 203.0.113.9; X-Forwarded-Proto: http, https; X-Forwarded-Host: evil.example, a.example | https://a.example/files/id
            X-Forwarded-For: 203.0.113.9, 10.9.9.9; X-Forwarded-Proto: https, http; X-Forwarded-Host: a.example, inner.example | https://a.example/files/id
            X-Forwarded-For: 10.1.1.1, 203.0.113.9; X-Forwarded-Proto: http, https; X-Forwarded-Host: evil.example, a.example | https://a.example/files/id
            X-Forwarded-For: 203.0.113.9, 10.9.9.9; X-Forwarded-Proto: https; X-Forwarded-Host: a.example | https://a.example/files/id
            X-Forwarded-For: 10.9.9.9, 10.9.9.9, 10.9.9.9; X-Forwarded-Proto: https; X-Forwarded-Host: a.example | https://a.example/files/id
            X-Forwarded-For: 203.0.113.9, 10.9.9.9; X-Forwarded-Prefix: /evil, /outer, /inner | /outer/inner/files/id
            Forwarded: for=10.0.0.1%proto=http%host=evil.example, for=203.0.113.9%proto=https%host=a.example | https://a.example/files/id
            Forwarded: for=203.0.113.9%proto=https%host=a.example, for="[2001:db8::1]:4711"%proto=http%host=inner | https://a.example/files/id
            Forwarded: for=unknown%proto=https%host=a.example, for=10.0.0.1:80%proto=http%host=inner | https://a.example/files/id
            Forwarded: for=203.0.113.9%proto=https%host=evil.example, for=_hidden%proto=https%host=a.example | https://a.example/files/id
            """)
    void outermostTrustedHop_decides(String headers, String expected) {
        assertThat(location("10.1.2.3", headers)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Forwarded-Proto: javascript; X-Forwarded-Host: a.example",
                "X-Forwarded-Proto: https://evil.example/; X-Forwarded-Host: a.example",
                "X-Forwarded-Proto: https; X-Forwarded-Host: a.example/evil",
                "X-Forwarded-Proto: https; X-Forwarded-Host: user:secret@a.example",
                "X-Forwarded-Proto: https; X-Forwarded-Host: user@a.example",
                "X-Forwarded-Proto: https; X-Forwarded-Host: a.example?x",
                "X-Forwarded-Proto: https; X-Forwarded-Host: a b",
                "X-Forwarded-Proto: https; X-Forwarded-Host: \"a.example\"",
                "X-Forwarded-Proto: https; X-Forwarded-Host: a.example\r\nSet-Cookie: x",
                "X-Forwarded-Proto: https; X-Forwarded-Host: a.example:0",
                "X-Forwarded-Proto: https; X-Forwarded-Host: a.example:99999",
                "X-Forwarded-Proto: https; X-Forwarded-Host: a.example:99999999999",
                "X-Forwarded-Proto: https; X-Forwarded-Host: a.example:x",
                "X-Forwarded-Proto: https; X-Forwarded-Host: a.example; X-Forwarded-Port: 65536",
                "X-Forwarded-Proto: https; X-Forwarded-Host: a.example; X-Forwarded-Port: 4 4",
                "X-Forwarded-Proto: https; X-Forwarded-Host: [::1",
                "X-Forwarded-Proto: https; X-Forwarded-Host: ",
                "X-Forwarded-Proto: ; X-Forwarded-Host: a.example",
                "X-Forwarded-Proto: https, ; X-Forwarded-Host: a.example,",
                "X-Forwarded-Prefix: //evil.example",
                "X-Forwarded-Prefix: https://evil.example",
                "X-Forwarded-Prefix: evil",
                "X-Forwarded-Prefix: /../evil",
                "X-Forwarded-Prefix: /a\\evil",
                "X-Forwarded-Prefix: /a?b",
                "X-Forwarded-Prefix: /%2e%2e",
                "Forwarded: proto=javascript%host=a.example",
                "Forwarded: proto=https%host=\"a.example/evil\"",
                "Forwarded: proto=https%host=\"user@a.example\"",
                "Forwarded: proto=https%host=",
                "Forwarded: %%%=\"",
                "Forwarded: "
            })
    void hostileValue_makesAllVoid(String headers) {
        assertThat(location("10.1.2.3", headers)).isEqualTo("/files/id");
    }

    @Test
    void baseUrl_isStrongerThanAnyHeader() {
        MockHttpServletRequest request = request("10.1.2.3", "X-Forwarded-Proto: http; X-Forwarded-Host: a.example");

        assertThat(new UploadLocation("https://b.example/in/", PROXIES).of(request, "id"))
                .isEqualTo("https://b.example/in/id");
    }

    private static String location(String peer, String headers) {
        return new UploadLocation(null, PROXIES).of(request(peer, headers), "id");
    }

    /** In the tables a semicolon stands between headers, and % for one within a header. */
    private static MockHttpServletRequest request(String peer, @Nullable String headers) {
        MockHttpServletRequest request = new MockHttpServletRequest("POST", "/files");
        request.setRemoteAddr(peer);
        for (String header : String.valueOf(headers).split("; ")) {
            String[] parts = header.split(": ?", 2);
            request.addHeader(parts[0], parts[1].replace('%', ';'));
        }
        return request;
    }
}
