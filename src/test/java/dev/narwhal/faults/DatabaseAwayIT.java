package dev.narwhal.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.DeliveredFiles;
import dev.narwhal.testkit.NarwhalProcess;
import dev.narwhal.testkit.PlainTus;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** PostgreSQL stopped and started again under a running server. */
@Tag("process")
class DatabaseAwayIT {

    private static final Duration QUICKLY = Duration.ofSeconds(10);

    @TempDir
    Path dir;

    @Test
    void databaseStopped_requestsAreAnsweredAndWorkAgainByThemselves() throws Exception {
        int port = freePort();
        EmbeddedPostgres database = postgres(port);
        try (NarwhalProcess server = NarwhalProcess.start(
                        dir.resolve("data"),
                        "--spring.datasource.url=" + database.getJdbcUrl("postgres", "postgres"),
                        "--spring.datasource.username=postgres");
                PlainTus tus = new PlainTus()) {
            URI upload = tus.create(server.uploads(), 10, "away.txt");
            assertThat(tus.patch(upload, 0, "hello".getBytes()).statusCode()).isEqualTo(204);

            database.close();
            assertAnswers(423, timed(() -> tus.head(upload)));
            assertAnswers(503, timed(() -> tus.patch(upload, 5, "world".getBytes())));
            assertAnswers(503, timed(() -> tus.tryCreate(server.uploads(), 1, "x")));
            assertThat(health(server, "readiness")).isEqualTo(503);
            assertThat(health(server, "liveness")).isEqualTo(200);

            database = postgres(port);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> tus.head(upload).statusCode() == 200);
            assertThat(health(server, "readiness")).isEqualTo(200);
            assertThat(tus.offset(upload)).isEqualTo(5);
            assertThat(tus.patch(upload, 5, "world".getBytes()).statusCode()).isEqualTo(204);
            Path expected = Files.writeString(dir.resolve("expected"), "helloworld");
            DeliveredFiles.in(server.delivered()).assertHolds(upload, expected);
        } finally {
            database.close();
        }
    }

    private static int health(NarwhalProcess server, String group) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            URI url = server.root().resolve("actuator/health/" + group);
            return http.send(HttpRequest.newBuilder(url).build(), BodyHandlers.discarding())
                    .statusCode();
        }
    }

    private interface Request {
        HttpResponse<String> send() throws IOException, InterruptedException;
    }

    private static HttpResponse<String> timed(Request request) throws Exception {
        return org.junit.jupiter.api.Assertions.assertTimeout(QUICKLY, request::send);
    }

    private static void assertAnswers(int status, HttpResponse<String> response) {
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("Tus-Resumable")).contains("1.0.0");
        assertThat(response.headers().firstValue("Access-Control-Allow-Origin")).contains("*");
        assertThat(response.body()).doesNotContain("postgres", "Exception", "select");
    }

    private EmbeddedPostgres postgres(int port) throws IOException {
        return EmbeddedPostgres.builder()
                .setPort(port)
                .setDataDirectory(dir.resolve("postgres"))
                .setCleanDataDirectory(false)
                .start();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
