package dev.narwhal.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.narwhal.testkit.FuzzedHeaders;
import java.net.URI;
import java.util.List;
import java.util.regex.Pattern;
import org.springframework.mock.web.MockHttpServletRequest;

class ForwardedAddressFuzzTest {

    private static final TrustedProxies PROXIES = TrustedProxies.of(List.of("10.0.0.0/8", "fd00::/8"));
    private static final Pattern PLAIN = Pattern.compile(
            "(https?://([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+])(:[1-9][0-9]{0,4})?)?(/[A-Za-z0-9._~@+-]+)+");

    @FuzzTest
    void location(byte[] drawn) {
        MockHttpServletRequest request = FuzzedHeaders.request(drawn);

        request.setRemoteAddr("203.0.113.9");
        assertThat(address(request)).isEqualTo("/files/id");

        request.setRemoteAddr("10.1.2.3");
        String told = address(request);
        assertThat(told).endsWith("/files/id").matches(PLAIN).doesNotContain("/.");
        URI uri = URI.create(told);
        assertThat(uri.getRawUserInfo()).isNull();
        assertThat(uri.getPort()).isBetween(-1, 65_535);
        assertThat(uri.getRawPath())
                .endsWith("/files/id")
                .isEqualTo(uri.normalize().getRawPath());
    }

    private static String address(MockHttpServletRequest request) {
        return ForwardedAddress.of(request, PROXIES).of("/files/id");
    }
}
