package dev.narwhal.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.NarwhalApplication;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** The actuator's endpoints beside the tus path: neither disturbs the other. */
class ActuatorIT {

    @TempDir
    Path dir;

    private record Server(ConfigurableApplicationContext context) implements AutoCloseable {

        HttpResponse<String> get(String path) throws IOException, InterruptedException {
            return get("local.server.port", path);
        }

        HttpResponse<String> get(String port, String path) throws IOException, InterruptedException {
            URI url = URI.create("http://127.0.0.1:" + context.getEnvironment().getProperty(port) + path);
            try (HttpClient http = HttpClient.newHttpClient()) {
                return http.send(HttpRequest.newBuilder(url).build(), BodyHandlers.ofString());
            }
        }

        @Override
        public void close() {
            context.close();
        }
    }

    private Server start(String... settings) {
        List<String> arguments = new ArrayList<>(List.of(settings));
        arguments.add("--server.port=0");
        arguments.add("--narwhal.data-dir=" + dir.resolve("data"));
        return new Server(new SpringApplicationBuilder(NarwhalApplication.class).run(arguments.toArray(String[]::new)));
    }

    @Test
    void health_namesItsParts_andNothingOfWhatIsInThem() throws Exception {
        try (Server server = start()) {
            HttpResponse<String> health = server.get("/actuator/health");

            assertThat(health.statusCode()).isEqualTo(200);
            assertThat(health.body())
                    .contains("\"status\":\"UP\"", "\"db\":", "\"staging\":")
                    .doesNotContain("details", "free", "H2", dir.toString());
            // A restart mends neither a database nor a disk.
            assertThat(server.get("/actuator/health/liveness").body())
                    .contains("\"status\":\"UP\"")
                    .doesNotContain("\"db\"", "\"staging\"");
            assertThat(server.get("/actuator/health/readiness").body()).contains("\"db\"", "\"staging\"");
        }
    }

    @Test
    void health_pathThatIsNotThere_isNotFound() throws Exception {
        try (Server server = start()) {
            for (String path : List.of("/x", "/x/y", "/x/y/z", "/db/x", "/%2e%2e/env", "/readiness/x")) {
                assertThat(server.get("/actuator/health" + path).statusCode())
                        .as(path)
                        .isEqualTo(404);
            }
            assertThat(server.get("/actuator/health/readiness/db").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void health_detailsAreThere_whenTheyAreAskedFor() throws Exception {
        try (Server server = start("--management.endpoint.health.show-details=always")) {
            assertThat(server.get("/actuator/health").body()).contains("\"free\":", "\"reserve\":268435456");
        }
    }

    @Test
    void readiness_volumeNotMounted_isGone_andLivenessIsNot() throws Exception {
        try (Server server = start()) {
            Path mark = dir.resolve("data/staging/.volume");
            Files.move(mark, dir.resolve("aside"));

            assertThat(server.get("/actuator/health/readiness").statusCode()).isEqualTo(503);
            assertThat(server.get("/actuator/health/liveness").statusCode()).isEqualTo(200);

            Files.move(dir.resolve("aside"), mark);
            assertThat(server.get("/actuator/health/readiness").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void readiness_diskFull_isKept_andHealthSaysSo() throws Exception {
        try (Server server = start("--narwhal.staging.reserve=1000TB")) {
            HttpResponse<String> health = server.get("/actuator/health");
            assertThat(health.statusCode()).isEqualTo(200);
            assertThat(health.body()).contains("\"status\":\"DEGRADED\"");
            assertThat(server.get("/actuator/health/readiness").statusCode()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"env", "beans", "heapdump", "loggers", "metrics", "shutdown", "configprops", "threaddump"})
    void otherEndpoints_areNotThere(String endpoint) throws Exception {
        try (Server server = start()) {
            assertThat(server.get("/actuator/" + endpoint).statusCode()).isEqualTo(404);
        }
    }

    @Test
    void endpoints_haveNothingOfTheProtocol_andTheProtocolHasAllOfIt() throws Exception {
        try (Server server = start()) {
            HttpResponse<String> prometheus = server.get("/actuator/prometheus");
            assertThat(prometheus.statusCode()).isEqualTo(200);
            assertThat(prometheus.headers().firstValue("Content-Type").orElse(""))
                    .startsWith("text/plain");
            assertThat(prometheus.headers().map().keySet())
                    .doesNotContain("tus-resumable", "access-control-allow-origin", "access-control-expose-headers");

            HttpResponse<String> missing = server.get("/files/0123456789abcdef0123456789abcdef");
            assertThat(missing.statusCode()).isEqualTo(404);
            assertThat(missing.body()).contains("UPLOAD_NOT_FOUND");
            assertThat(missing.headers().firstValue("Tus-Resumable")).hasValue("1.0.0");
            assertThat(missing.headers().firstValue("Access-Control-Allow-Origin"))
                    .hasValue("*");
        }
    }

    @Test
    void info_tellsTheVersion() throws Exception {
        try (Server server = start()) {
            assertThat(server.get("/actuator/info").body()).contains("\"version\":\"0.1.0");
        }
    }

    @Test
    void managementPort_hasTheEndpoints_andTheOtherHasNone() throws Exception {
        try (Server server = start("--management.server.port=0", "--management.server.address=127.0.0.1")) {
            assertThat(server.get("local.management.port", "/actuator/health/readiness")
                            .statusCode())
                    .isEqualTo(200);
            assertThat(server.get("local.management.port", "/actuator/prometheus")
                            .body())
                    .contains("narwhal_bodies_active");
            assertThat(server.get("/actuator/health").statusCode()).isEqualTo(404);
            assertThat(server.get("/actuator/prometheus").statusCode()).isEqualTo(404);
            assertThat(server.get("local.management.port", "/files").statusCode())
                    .isEqualTo(404);
        }
    }
}
