package dev.narwhal.access.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.ServerInProcess;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** While access is open: what a page of another site cannot make a browser do. */
class OpenGuardIT {

    private static final URI SHARED = ServerInProcess.shared().root();

    @TempDir
    Path dir;

    @ParameterizedTest
    @ValueSource(
            strings = {"localhost", "localhost:8080", "LOCALHOST", "127.0.0.1", "127.8.9.1:1", "[::1]", "[::1]:8080"})
    void loopbackName_isMeant(String host) throws Exception {
        assertThat(Plain.send(SHARED, "GET", "/actuator/health", "Host: " + host)
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "/actuator/health, evil.example",
        "/actuator/prometheus, evil.example:8080",
        "/api/v1/uploads, evil.example",
        "/api, localhost.evil.example",
        "/admin, 127.0.0.1.evil.example",
        "/admin/x, 192.0.2.1",
        "/actuator, 0.0.0.0"
    })
    void otherName_isRefused(String path, String host) throws Exception {
        assertThat(Plain.send(SHARED, "GET", path, "Host: " + host).code()).isEqualTo("403 HOST_REFUSED");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/app.js", "/narwhal.json", "/actuator/health/liveness", "/actuator/health/readiness"})
    void pageAndProbes_answerToAnyName(String path) throws Exception {
        assertThat(Plain.send(SHARED, "GET", path, "Host: evil.example").status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "http://evil.example, 403 ORIGIN_REFUSED",
        "null, 403 ORIGIN_REFUSED",
        "http://localhost:1, 403 ORIGIN_REFUSED",
        "http://localhost:8080, 404 NOT_FOUND",
    })
    void changeByAPageOfAnotherOrigin_isRefused(String origin, String code) throws Exception {
        Plain.Answer answer = Plain.send(
                SHARED, "POST", "/api/v1/nothing-that-is-there", "Host: localhost:8080", "Origin: " + origin);

        assertThat(answer.status()).isEqualTo(Integer.parseInt(code.substring(0, 3)));
        if (answer.status() == 403) {
            assertThat(answer.code()).isEqualTo(code);
            assertThat(answer.head()).doesNotContainIgnoringCase("access-control-");
        }
    }

    @Test
    void changeAcrossSites_withoutAnOrigin_isRefused() throws Exception {
        assertThat(Plain.send(SHARED, "POST", "/api/v1/uploads", "Sec-Fetch-Site: cross-site")
                        .code())
                .isEqualTo("403 ORIGIN_REFUSED");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/keys",
                "/api/v1/keys/x/rotate",
                "/api/v1/upload-urls",
                "/api/v1/webhooks",
                "/api/v1/session"
            })
    void credentials_areNotMade(String path) throws Exception {
        assertThat(Plain.send(SHARED, "POST", path).code()).isEqualTo("403 ACCESS_IS_OPEN");
    }

    @Test
    void securityHeaders_areThere_andCachesKeepWhatTheyMay() throws Exception {
        Plain.Answer page = Plain.send(SHARED, "GET", "/");
        assertThat(page.header("X-Frame-Options")).isEqualTo("DENY");
        assertThat(page.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(page.header("Cache-Control")).isEqualTo("no-cache");
        assertThat(page.head()).doesNotContainIgnoringCase("set-cookie");

        assertThat(Plain.send(SHARED, "GET", "/actuator/health").header("Cache-Control"))
                .contains("no-store");
        assertThat(Plain.send(SHARED, "GET", "/vendor/uppy-6.0.1/uppy.min.css").header("Cache-Control"))
                .contains("immutable");
    }

    /** The tus path has a gate of its own, for what tus clients do. */
    @Test
    void tusPath_isNotGuarded() throws Exception {
        Plain.Answer answer = Plain.send(
                SHARED,
                "POST",
                "/files",
                "Host: evil.example",
                "Origin: https://app.example.org",
                "Tus-Resumable: 1.0.0",
                "Upload-Length: 5");

        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.head()).doesNotContainIgnoringCase("x-frame-options").doesNotContainIgnoringCase("pragma:");
    }

    @Test
    void settings_nameFurtherHostsAndOrigins_andTheTusPathMayBeBelowTheApi() throws Exception {
        try (ServerInProcess server = ServerInProcess.start(
                dir.resolve("data"),
                "--narwhal.access.allowed-hosts=narwhal.internal",
                "--narwhal.access.allowed-origins=https://app.example.org",
                "--narwhal.tus.base-url=https://up.example.org/files",
                "--narwhal.tus.path=/api/uploads",
                "--management.server.port=0",
                "--management.server.address=127.0.0.1")) {
            for (String host : new String[] {"narwhal.internal:8080", "up.example.org", "localhost"}) {
                assertThat(Plain.send(server.management(), "GET", "/actuator/prometheus", "Host: " + host)
                                .status())
                        .as(host)
                        .isEqualTo(200);
            }
            assertThat(Plain.send(server.management(), "GET", "/actuator/prometheus", "Host: evil.example")
                            .code())
                    .isEqualTo("403 HOST_REFUSED");
            assertThat(Plain.send(server.management(), "GET", "/actuator/health/liveness", "Host: 10.0.0.1")
                            .status())
                    .isEqualTo(200);
            assertThat(Plain.send(
                                    server.root(),
                                    "POST",
                                    "/api/uploads",
                                    "Host: evil.example",
                                    "Tus-Resumable: 1.0.0",
                                    "Upload-Length: 5")
                            .status())
                    .isEqualTo(201);
            assertThat(Plain.send(
                                    server.root(),
                                    "OPTIONS",
                                    "/api/v1/uploads",
                                    "Origin: https://app.example.org",
                                    "Access-Control-Request-Method: GET")
                            .header("Access-Control-Allow-Origin"))
                    .isEqualTo("https://app.example.org");
            assertThat(Plain.send(server.root(), "POST", "/api/v1/nothing", "Origin: https://up.example.org")
                            .status())
                    .isEqualTo(404);
        }
    }
}
