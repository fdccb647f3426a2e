package dev.narwhal.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.ServerInProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The actuator's endpoints beside the tus path: neither disturbs the other. */
class ActuatorIT {

    @TempDir
    Path dir;

    private static HttpResponse<String> get(URI root, String path) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(HttpRequest.newBuilder(root.resolve(path)).build(), BodyHandlers.ofString());
        }
    }

    private static HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return get(ServerInProcess.shared().root(), path);
    }

    private ServerInProcess start(String... settings) {
        return ServerInProcess.start(dir.resolve("data"), settings);
    }

    @Test
    void health_namesItsParts_andNothingOfWhatIsInThem() throws Exception {
        HttpResponse<String> health = get("/actuator/health");

        assertThat(health.statusCode()).isEqualTo(200);
        assertThat(health.body())
                .contains(
                        "\"status\":\"UP\"",
                        "\"db\":",
                        "\"staging\":",
                        "\"commits\":",
                        "\"dbScheduler\":",
                        "\"destinations\":")
                .doesNotContain("details", "free", "H2", "narwhal-shared-");
        // A restart mends neither a database nor a disk.
        assertThat(get("/actuator/health/liveness").body())
                .contains("\"status\":\"UP\"")
                .doesNotContain("\"db\"", "\"staging\"");
        assertThat(get("/actuator/health/readiness").body()).contains("\"db\"", "\"staging\"");
    }

    @Test
    void health_pathThatIsNotThere_isNotFound() throws Exception {
        for (String path : List.of("/x", "/x/y", "/x/y/z", "/db/x", "/readiness/x")) {
            assertThat(get("/actuator/health" + path).statusCode()).as(path).isEqualTo(404);
        }
        assertThat(get("/actuator/health/%2e%2e/env").statusCode()).isEqualTo(400);
        assertThat(get("/actuator/health/readiness/db").statusCode()).isEqualTo(200);
    }

    @Test
    void health_detailsAreThere_whenTheyAreAskedFor() throws Exception {
        try (ServerInProcess server = start("--management.endpoint.health.show-details=always")) {
            assertThat(get(server.root(), "/actuator/health").body()).contains("\"free\":", "\"reserve\":268435456");
        }
    }

    @Test
    void readiness_volumeNotMounted_isGone_andLivenessIsNot() throws Exception {
        try (ServerInProcess server = start()) {
            Path mark = dir.resolve("data/staging/.volume");
            Files.move(mark, dir.resolve("aside"));

            assertThat(get(server.root(), "/actuator/health/readiness").statusCode())
                    .isEqualTo(503);
            assertThat(get(server.root(), "/actuator/health/liveness").statusCode())
                    .isEqualTo(200);

            Files.move(dir.resolve("aside"), mark);
            assertThat(get(server.root(), "/actuator/health/readiness").statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void readiness_diskFull_isKept_andHealthSaysSo() throws Exception {
        try (ServerInProcess server = start("--narwhal.staging.reserve=1000TB")) {
            HttpResponse<String> health = get(server.root(), "/actuator/health");
            assertThat(health.statusCode()).isEqualTo(200);
            assertThat(health.body()).contains("\"status\":\"DEGRADED\"");
            assertThat(get(server.root(), "/actuator/health/readiness").statusCode())
                    .isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"env", "beans", "heapdump", "loggers", "metrics", "shutdown", "configprops", "threaddump"})
    void otherEndpoints_areNotThere(String endpoint) throws Exception {
        assertThat(get("/actuator/" + endpoint).statusCode()).isEqualTo(404);
    }

    @Test
    void endpoints_haveNothingOfTheProtocol_andTheProtocolHasAllOfIt() throws Exception {
        HttpResponse<String> prometheus = get("/actuator/prometheus");
        assertThat(prometheus.statusCode()).isEqualTo(200);
        assertThat(prometheus.headers().firstValue("Content-Type").orElse("")).startsWith("text/plain");
        assertThat(prometheus.headers().map().keySet())
                .doesNotContain("tus-resumable", "access-control-allow-origin", "access-control-expose-headers");

        HttpResponse<String> missing = get("/files/0123456789abcdef0123456789abcdef");
        assertThat(missing.statusCode()).isEqualTo(404);
        assertThat(missing.body()).contains("UPLOAD_NOT_FOUND");
        assertThat(missing.headers().firstValue("Tus-Resumable")).hasValue("1.0.0");
        assertThat(missing.headers().firstValue("Access-Control-Allow-Origin")).hasValue("*");
    }

    @Test
    void info_tellsTheVersion() throws Exception {
        assertThat(get("/actuator/info").body()).contains("\"version\":\"0.1.0");
    }

    @Test
    void managementPort_hasTheEndpoints_andTheOtherHasNone() throws Exception {
        try (ServerInProcess server = start("--management.server.port=0", "--management.server.address=127.0.0.1")) {
            assertThat(get(server.management(), "/actuator/health/readiness").statusCode())
                    .isEqualTo(200);
            assertThat(get(server.management(), "/actuator/prometheus").body()).contains("narwhal_bodies_active");
            assertThat(get(server.root(), "/actuator/health").statusCode()).isEqualTo(404);
            assertThat(get(server.root(), "/actuator/prometheus").statusCode()).isEqualTo(404);
            assertThat(get(server.management(), "/files").statusCode()).isEqualTo(404);
        }
    }
}
