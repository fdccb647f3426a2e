package dev.narwhal.access.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.access.ApiKeys;
import dev.narwhal.access.Credentials;
import dev.narwhal.access.Limits;
import dev.narwhal.access.Role;
import dev.narwhal.testkit.ServerInProcess;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where access is closed: nothing without credentials but the pages themselves and the probes. */
class ClosedGuardIT {

    @TempDir
    static Path dir;

    private static ServerInProcess server;
    private static ApiKeys keys;
    private static URI root;

    @BeforeAll
    static void start() {
        server = ServerInProcess.start(
                dir.resolve("data"),
                "--narwhal.access.mode=closed",
                "--management.endpoints.web.exposure.include=health,info,prometheus,deliveries,threaddump,env");
        keys = server.context().getBean(ApiKeys.class);
        root = server.root();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/app.js",
                "/narwhal.json",
                "/actuator/health/liveness",
                "/actuator/health/readiness",
                "/nothing"
            })
    void pagesAndProbes_areForEverybody_whateverTheyPresent(String path) throws Exception {
        int status = path.equals("/nothing") ? 404 : 200;

        assertThat(Plain.send(root, "GET", path).status()).isEqualTo(status);
        assertThat(Plain.send(root, "GET", path, "X-Api-Key: false", "Cookie: narwhal-session=x")
                        .status())
                .isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/uploads",
                "/api/v1/nothing",
                "/api",
                "/actuator",
                "/actuator/health",
                "/actuator/health/db",
                "/actuator/health/liveness/x",
                "/actuator/health/readiness/db",
                "/actuator/info",
                "/actuator/prometheus",
                "/actuator/env",
                "/actuator/nothing"
            })
    void everythingElse_needsCredentials(String path) throws Exception {
        Plain.Answer none = Plain.send(root, "GET", path);
        assertThat(none.code()).isEqualTo("401 CREDENTIALS_MISSING");
        assertThat(none.header("WWW-Authenticate")).isEqualTo("Bearer realm=\"narwhal\"");
        assertThat(none.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(none.head()).doesNotContainIgnoringCase("set-cookie");

        assertThat(Plain.send(root, "GET", path, "Authorization: Bearer false").code())
                .isEqualTo("401 CREDENTIALS_INVALID");
        assertThat(Plain.send(root, "GET", path + "?X-Api-Key=" + key(Role.ADMIN))
                        .code())
                .isEqualTo("401 CREDENTIALS_MISSING");
    }

    @ParameterizedTest
    @CsvSource({
        "UPLOAD, /actuator/health, 403", "READ, /actuator/health, 200", "OPERATE, /actuator/health, 200",
        "READ, /actuator/info, 200", "READ, /actuator/prometheus, 403", "OPERATE, /actuator/prometheus, 200",
        "READ, /actuator/deliveries, 403", "OPERATE, /actuator/deliveries, 200", "OPERATE, /actuator/threaddump, 200",
        "OPERATE, /actuator/env, 403", "ADMIN, /actuator/env, 404", "ADMIN, /actuator/prometheus, 200",
        "ADMIN, /api/v1/nothing, 404",
    })
    void role_decides(Role role, String path, int status) throws Exception {
        assertThat(Plain.send(root, "GET", path, "X-Api-Key: " + key(role)).status())
                .isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/..;/actuator/env",
                "//actuator/env",
                "/actuator%2fenv",
                "/actuator;x/env",
                "/x/../actuator/env"
            })
    void detours_areNoWayIn(String path) throws Exception {
        assertThat(Plain.send(root, "GET", path).status()).isIn(400, 401);
    }

    @Test
    void session_actsForItsKey_andEndsWithIt() throws Exception {
        ApiKeys.Created key = keys.create("ann", Set.of(Role.OPERATE), Limits.NONE, null, "test");
        ApiKeys.Created session = keys.beginSession(key.text(), Duration.ofHours(1));
        String cookie = "Cookie: " + Credentials.SESSION_COOKIE + "=" + session.text();

        assertThat(Plain.send(root, "GET", "/actuator/prometheus", cookie).status())
                .isEqualTo(200);
        assertThat(Plain.send(root, "GET", "/actuator/prometheus", "X-Api-Key: " + session.text())
                        .code())
                .as("a session is no key")
                .isEqualTo("401 CREDENTIALS_INVALID");
        assertThat(Plain.send(
                                root,
                                "GET",
                                "/actuator/prometheus",
                                "Cookie: " + Credentials.SESSION_COOKIE + "=" + key.text())
                        .code())
                .as("a key is no session")
                .isEqualTo("401 CREDENTIALS_INVALID");
        assertThat(Plain.send(root, "POST", "/files", cookie, "Tus-Resumable: 1.0.0", "Upload-Length: 5")
                        .status())
                .as("the tus path")
                .isEqualTo(401);
        assertThat(keys.all())
                .extracting(one -> one.id())
                .doesNotContain(session.key().id());

        assertThat(keys.revoke(key.key().id())).isTrue();
        assertThat(Plain.send(root, "GET", "/actuator/prometheus", cookie).code())
                .isEqualTo("401 CREDENTIALS_INVALID");
    }

    @Test
    void changeWithACookie_needsTheSessionsToken_andAPageOfThisServer() throws Exception {
        ApiKeys.Created session = keys.beginSession(key(Role.ADMIN), Duration.ofHours(1));
        String path = "/actuator/deliveries/" + "0".repeat(32);
        String cookie = "Cookie: " + Credentials.SESSION_COOKIE + "=" + session.text();
        String token = "X-CSRF-Token: " + Credentials.csrfToken(session.text());

        assertThat(Plain.send(root, "POST", path, cookie).code()).isEqualTo("403 CSRF_TOKEN_MISSING");
        assertThat(Plain.send(root, "POST", path, cookie, "X-CSRF-Token: x").code())
                .isEqualTo("403 CSRF_TOKEN_MISSING");
        assertThat(Plain.send(root, "POST", path, cookie, token, "Origin: http://evil.example")
                        .code())
                .isEqualTo("403 ORIGIN_REFUSED");
        assertThat(Plain.send(root, "POST", path, cookie, token, "Origin: http://localhost")
                        .status())
                .isEqualTo(404);
        assertThat(Plain.send(root, "POST", path, "X-Api-Key: " + key(Role.ADMIN), "Origin: http://evil.example")
                        .status())
                .as("a key is sent on purpose")
                .isEqualTo(404);
    }

    private static String key(Role role) {
        return keys.create("ann", Set.of(role), Limits.NONE, null, "test").text();
    }
}
