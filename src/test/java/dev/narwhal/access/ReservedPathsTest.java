package dev.narwhal.access;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.env.MockEnvironment;

class ReservedPathsTest {

    private final MockEnvironment environment = new MockEnvironment();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api",
                "/api/v1",
                "/api/v1/uploads",
                "/api/docs/x",
                "/admin",
                "/admin/files",
                "/ops",
                "/ops/health"
            })
    void pathOfTheServersOwn_isRefused(String path) {
        environment.setProperty("narwhal.tus.path", path);
        environment.setProperty("management.endpoints.web.base-path", "/ops");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> ReservedPaths.require(environment))
                .withMessageStartingWith("narwhal.tus.path is '" + path + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/files", "/api/uploads", "/api/v10", "/administration", "/actuator/files"})
    void otherPath_isAllowed(String path) {
        environment.setProperty("narwhal.tus.path", path);
        environment.setProperty("management.endpoints.web.base-path", "/");

        assertThatCode(() -> ReservedPaths.require(environment)).doesNotThrowAnyException();
    }
}
