package dev.narwhal.protocol.tus;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.springframework.mock.env.MockEnvironment;

class HeadRoomTest {

    private final MockEnvironment environment = new MockEnvironment()
            .withProperty("server.max-http-request-header-size", "16KB")
            .withProperty("server.tomcat.max-http-response-header-size", "24KB");

    @Test
    void partialsThatFitByTheirPaths_areAllowed() {
        assertThatCode(() -> require("384")).doesNotThrowAnyException();
    }

    @Test
    void morePartialsThanARequestHasRoomFor_areRefused() {
        assertThatThrownBy(() -> require("385"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("narwhal.upload.max-partials is 385")
                .hasMessageContaining("server.max-http-request-header-size is 16KB")
                .hasMessageContaining("at least 17KB");
    }

    @Test
    void morePartialsThanAnAnswerHasRoomFor_areRefused() {
        environment.setProperty("server.max-http-request-header-size", "64KB");

        assertThatCode(() -> require("588")).doesNotThrowAnyException();
        assertThatThrownBy(() -> require("589")).hasMessageContaining("server.tomcat.max-http-response-header-size");
    }

    private void require(String partials) {
        environment.setProperty("narwhal.upload.max-partials", partials);
        HeadRoom.require(environment);
    }
}
