package dev.narwhal.access;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.env.MockEnvironment;

class OpenAccessTest {

    private final MockEnvironment environment = new MockEnvironment();

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.9.9.9", "::1", "[::1]", "localhost"})
    void loopback_mayBeOpen(String address) {
        environment.setProperty("server.address", address);

        assertThatCode(() -> OpenAccess.require(environment)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.1", ""})
    void otherAddress_needsAWord(String address) {
        environment.setProperty("server.address", address);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> OpenAccess.require(environment))
                .withMessageStartingWith("server.address is '" + address + "'")
                .withMessageContaining("narwhal.access.mode=closed")
                .withMessageContaining("narwhal.access.open-to-network=true");

        environment.setProperty("narwhal.access.open-to-network", "true");
        assertThatCode(() -> OpenAccess.require(environment)).doesNotThrowAnyException();
    }

    @Test
    void closed_mayListenAnywhere() {
        environment.setProperty("server.address", "0.0.0.0");
        environment.setProperty("narwhal.access.mode", "closed");

        assertThatCode(() -> OpenAccess.require(environment)).doesNotThrowAnyException();
    }
}
