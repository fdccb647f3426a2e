package dev.narwhal.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.PlainTus;
import dev.narwhal.testkit.ServerInProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An operator looks at what was given up, mends it, and has it tried again. */
class DeliveriesEndpointIT {

    @TempDir
    Path dir;

    private final PlainTus tus = new PlainTus();
    private URI root = URI.create("http://127.0.0.1");

    private ServerInProcess start(String... more) {
        List<String> settings = new ArrayList<>(List.of(more));
        settings.add("--narwhal.destination.key-template={filename}");
        ServerInProcess server = ServerInProcess.start(dir.resolve("data"), settings.toArray(String[]::new));
        root = server.root();
        return server;
    }

    private HttpResponse<String> send(String method, String path) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                    HttpRequest.newBuilder(root.resolve(path))
                            .method(method, BodyPublishers.noBody())
                            .build(),
                    BodyHandlers.ofString());
        }
    }

    private String upload(String name) throws Exception {
        URI upload = tus.create(root.resolve("/files"), name.length(), name);
        assertThat(tus.patch(upload, 0, name.getBytes(UTF_8)).statusCode()).isEqualTo(204);
        return upload.getPath().substring("/files/".length());
    }

    @Test
    void deliveries_givenUp_areListedAndTriedAgain() throws Exception {
        Path taken = dir.resolve("data/delivered/report.txt");
        Files.createDirectories(taken.getParent());
        Files.writeString(taken, "somebody else's");
        try (var unused = start("--management.endpoints.web.exposure.include=deliveries")) {
            String id = upload("report.txt");
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> send("GET", "/actuator/deliveries").body().contains(id));

            assertThat(send("GET", "/actuator/deliveries").body())
                    .contains(
                            "\"status\":\"FAILED\"",
                            "\"state\":\"FAILED\"",
                            "\"key\":\"report.txt\"",
                            "\"filename\":\"report.txt\"",
                            "\"length\":10",
                            "\"destination\":\"default\"",
                            "is another's");
            assertThat(send("GET", "/actuator/deliveries?status=pending").body())
                    .isEqualTo("[]");

            Files.delete(taken);
            assertThat(send("POST", "/actuator/deliveries/" + id).statusCode()).isEqualTo(204);

            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() ->
                            send("GET", "/actuator/deliveries/" + id).body().contains("\"status\":\"DELIVERED\""));
            assertThat(taken).hasContent("report.txt");
            assertThat(send("GET", "/actuator/deliveries").body()).isEqualTo("[]");
            assertThat(send("POST", "/actuator/deliveries/" + id).statusCode()).isEqualTo(409);
        }
    }

    @Test
    void deliveries_wrongQuestions_areToldSo() throws Exception {
        try (var unused = start("--management.endpoints.web.exposure.include=deliveries")) {
            assertThat(send("GET", "/actuator/deliveries/nothing").statusCode()).isEqualTo(404);
            assertThat(send("POST", "/actuator/deliveries/nothing").statusCode())
                    .isEqualTo(404);
            assertThat(send("GET", "/actuator/deliveries?status=lost").statusCode())
                    .isEqualTo(400);
            assertThat(send("GET", "/actuator/deliveries?status=delivered").statusCode())
                    .isEqualTo(400);
        }
    }

    @Test
    void deliveries_unlessSwitchedOn_areNotThere() throws Exception {
        root = ServerInProcess.shared().root();

        assertThat(send("GET", "/actuator/deliveries").statusCode()).isEqualTo(404);
    }
}
