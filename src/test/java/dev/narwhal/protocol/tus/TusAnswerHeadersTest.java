package dev.narwhal.protocol.tus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

class TusAnswerHeadersTest {

    private static final String APP = "https://app.example.org";
    private static final TusAnswerHeaders ANYBODY = policy(false, "*");
    private static final TusAnswerHeaders NAMED = policy(false, APP, "https://other.example.org");

    @Test
    void anybody_getsTheSameAnswer_andNoCredentials() {
        MockHttpServletResponse answer = answer(ANYBODY, "PATCH", APP);

        assertThat(answer.getHeader("Access-Control-Allow-Origin")).isEqualTo("*");
        assertThat(answer.getHeader("Access-Control-Allow-Credentials")).isNull();
        assertThat(answer.getHeaders("Vary")).isEmpty();
        assertThat(answer.getHeader("Access-Control-Max-Age")).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "HEAD", "PATCH", "DELETE", "GET", "OPTIONS"})
    void namedOrigin_isEchoed_andCachesKnow(String method) {
        MockHttpServletResponse answer = answer(NAMED, method, APP);

        assertThat(answer.getHeader("Access-Control-Allow-Origin")).isEqualTo(APP);
        assertThat(answer.getHeader("Access-Control-Allow-Credentials")).isNull();
        assertThat(answer.getHeaders("Vary")).contains("Origin");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "https://evil.example",
                "https://app.example.org.evil.example",
                "HTTPS://APP.EXAMPLE.ORG",
                "null"
            })
    void stranger_isToldNothing_andCachesKnow(String origin) {
        for (String method : List.of("PATCH", "OPTIONS")) {
            MockHttpServletResponse answer = answer(policy(true, APP), method, origin);
            assertThat(answer.getHeaderNames()).noneMatch(name -> name.startsWith("Access-Control-"));
            assertThat(answer.getHeaders("Vary")).contains("Origin");
        }
    }

    @Test
    void credentials_areAllowedToNamedOrigins() {
        assertThat(answer(policy(true, APP), "PATCH", APP).getHeader("Access-Control-Allow-Credentials"))
                .isEqualTo("true");
    }

    @Test
    void preflight_isCached_andVariesByWhatItAsks() {
        MockHttpServletResponse any = answer(ANYBODY, "OPTIONS", APP);
        MockHttpServletResponse named = answer(NAMED, "OPTIONS", APP);

        assertThat(any.getHeader("Access-Control-Max-Age")).isEqualTo("86400");
        assertThat(any.getHeaders("Vary"))
                .containsExactly("Access-Control-Request-Method, Access-Control-Request-Headers");
        assertThat(named.getHeaders("Vary"))
                .containsExactly("Access-Control-Request-Method, Access-Control-Request-Headers", "Origin");
        assertThat(any.getHeader("Access-Control-Allow-Private-Network")).isNull();
    }

    @Test
    void anybody_maySendAnyHeader() {
        String allowed = allowedHeaders(ANYBODY, "baggage,sentry-trace", "x-csrf-token");

        assertThat(allowed.split(", ?")).contains("Upload-Offset", "baggage", "sentry-trace", "x-csrf-token");
    }

    @Test
    void namedOrigin_maySendWhatTheSettingNames() {
        assertThat(allowedHeaders(NAMED, "x-csrf-token").split(", "))
                .contains("Upload-Offset")
                .doesNotContain("x-csrf-token");
        assertThat(allowedHeaders(policy(List.of(APP), "X-CSRF-Token", "baggage"), "x-evil")
                        .split(", "))
                .contains("Upload-Offset", "X-CSRF-Token", "baggage")
                .doesNotContain("x-evil");
        assertThat(allowedHeaders(policy(List.of(APP), "*"), "x-csrf-token").split(", "))
                .contains("Upload-Offset", "x-csrf-token");
        assertThat(allowedHeaders(policy(List.of("*"), "X-CSRF-Token"), "x-evil")
                        .split(", "))
                .contains("Upload-Offset", "X-CSRF-Token")
                .doesNotContain("x-evil");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a:b", "a\"b", "a;b", "a\u00e4", "a/b"})
    void namesThatAreNone_areNotSaidAgain(String asked) {
        assertThat(allowedHeaders(ANYBODY, asked)).isEqualTo(TusAnswerHeaders.ALLOWED);
    }

    private static String allowedHeaders(TusAnswerHeaders policy, String... asked) {
        MockHttpServletRequest request = new MockHttpServletRequest("OPTIONS", "/files");
        request.addHeader("Origin", APP);
        for (String line : asked) {
            request.addHeader("Access-Control-Request-Headers", line);
        }
        MockHttpServletResponse response = new MockHttpServletResponse();
        policy.apply(request, response);
        return Objects.requireNonNull(response.getHeader("Access-Control-Allow-Headers"));
    }

    private static TusAnswerHeaders policy(List<String> origins, String... headers) {
        return new TusAnswerHeaders(new TusProperties.Cors(origins, false, List.of(headers)));
    }

    private static TusAnswerHeaders policy(boolean credentials, String... origins) {
        return new TusAnswerHeaders(new TusProperties.Cors(List.of(origins), credentials, List.of()));
    }

    private static MockHttpServletResponse answer(TusAnswerHeaders policy, String method, String origin) {
        MockHttpServletRequest request = new MockHttpServletRequest(method, "/files");
        if (!origin.isEmpty()) {
            request.addHeader("Origin", origin);
        }
        request.addHeader("Access-Control-Request-Private-Network", "true");
        MockHttpServletResponse response = new MockHttpServletResponse();
        policy.apply(request, response);
        return response;
    }
}
