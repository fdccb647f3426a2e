package dev.narwhal.web;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.ServletException;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

class MalformedPathsTest {

    @ParameterizedTest
    @ValueSource(strings = {"/files;%zz/%2e%2e", "/;x=%", "/a;%4", "/a;b=%g0"})
    void brokenEscape_is400(String path) throws Exception {
        assertThat(answer(path).getStatus()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/files;x=%20", "/a%25zz", "/%C3%A4;%ff"})
    void otherPath_passes(String path) throws Exception {
        assertThat(answer(path).getStatus()).isEqualTo(200);
    }

    private static MockHttpServletResponse answer(String path) throws IOException, ServletException {
        MockHttpServletResponse response = new MockHttpServletResponse();
        MockFilterChain chain = new MockFilterChain();
        new MalformedPaths().doFilter(new MockHttpServletRequest("POST", path), response, chain);
        assertThat(chain.getRequest() == null).isEqualTo(response.getStatus() == 400);
        return response;
    }
}
