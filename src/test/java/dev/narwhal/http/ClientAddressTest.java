package dev.narwhal.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.web.MockHttpServletRequest;

class ClientAddressTest {

    private static final TrustedProxies PROXIES = TrustedProxies.of(List.of("10.0.0.0/8"));

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
                    192.0.2.1 | 192.0.2.9                        | 192.0.2.1
                    10.0.0.1  | -                                | 10.0.0.1
                    10.0.0.1  | 192.0.2.9                        | 192.0.2.9
                    10.0.0.1  | 203.0.113.5, 192.0.2.9, 10.0.0.2 | 192.0.2.9
                    10.0.0.1  | 10.0.0.3, 10.0.0.2               | 10.0.0.3
                    10.0.0.1  | 2001:db8::7                      | 2001:db8::7
                    10.0.0.1  | evil text, 10.0.0.2              | 10.0.0.2
                    10.0.0.1  | "a\\"b"                            | 10.0.0.1
                    """)
    void address_isTheLastThatNoProxyHas(String remote, String forwarded, String expected) {
        MockHttpServletRequest request = new MockHttpServletRequest();
        request.setRemoteAddr(remote);
        if (forwarded != null) {
            request.addHeader("X-Forwarded-For", forwarded);
        }

        assertThat(ClientAddress.of(request, PROXIES)).isEqualTo(expected);
    }

    @Test
    void closedConnection_hasNoAddress() {
        MockHttpServletRequest request = new MockHttpServletRequest() {
            @Override
            @SuppressWarnings("NullAway") // as Tomcat does
            public String getRemoteAddr() {
                return null;
            }
        };

        assertThat(ClientAddress.of(request, PROXIES)).isEmpty();
    }
}
