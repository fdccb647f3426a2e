package dev.narwhal.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.DeliveredFiles;
import dev.narwhal.testkit.NarwhalProcess;
import dev.narwhal.testkit.PlainTus;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.json.JsonParserFactory;

/** The log as JSON, of a server that receives, delivers, refuses and stops. */
@Tag("process")
class StructuredLogIT {

    private static final String REQUEST = "from-the-client-1";

    @TempDir
    Path dir;

    @Test
    void ecs_eachLineIsAnObject_withItsEvent_itsUploadAndItsRequest() throws Exception {
        try (NarwhalProcess server = NarwhalProcess.start(
                        dir.resolve("data"),
                        "--logging.structured.format.console=ecs",
                        "--logging.level.dev.narwhal=debug");
                PlainTus tus = new PlainTus()) {
            URI upload = tus.create(server.uploads(), 3, "upload=0123.txt");
            tus.patch(upload, 0, new byte[3]);
            DeliveredFiles.in(server.delivered()).await(upload);
            refused(upload);
            server.stop();

            List<Map<String, Object>> lines =
                    server.log().lines().map(StructuredLogIT::object).toList();
            String id = upload.getPath().substring("/files/".length());
            assertThat(lines)
                    .filteredOn(line -> value(line, "log", "logger").startsWith("dev.narwhal"))
                    .allSatisfy(
                            line -> assertThat(value(line, "event", "action")).matches("[a-z]+(\\.[a-z-]+)+"));
            for (String event :
                    List.of("upload.created", "delivery.started", "delivery.delivered", "request.refused")) {
                assertThat(lines).as(event).anySatisfy(line -> {
                    assertThat(value(line, "event", "action")).isEqualTo(event);
                    assertThat(value(line, "upload", "id")).isEqualTo(id);
                });
            }
            assertThat(lines).anySatisfy(line -> {
                assertThat(value(line, "event", "action")).isEqualTo("request.refused");
                assertThat(line.get("http")).isEqualTo(Map.of("request", Map.of("id", REQUEST)));
            });
            assertThat(lines)
                    .anySatisfy(
                            line -> assertThat(value(line, "event", "action")).isEqualTo("server.ready"));
        }
    }

    @Test
    void logstash_hasTheSameFields() throws Exception {
        try (NarwhalProcess server =
                NarwhalProcess.start(dir.resolve("data"), "--logging.structured.format.console=logstash")) {
            assertThat(server.log().lines().map(StructuredLogIT::object).toList())
                    .anySatisfy(
                            line -> assertThat(value(line, "event", "action")).isEqualTo("server.ready"));
        }
    }

    @Test
    void text_hasTheRequestInBrackets_andNothingWhereThereIsNone() throws Exception {
        try (NarwhalProcess server = NarwhalProcess.start(dir.resolve("data"), "--logging.level.dev.narwhal=debug");
                PlainTus tus = new PlainTus()) {
            refused(tus.create(server.uploads(), 3, "a"));

            assertThat(server.log())
                    .containsPattern(" \\[" + REQUEST + "] request\\.refused upload=[0-9a-f]{32} method=PATCH")
                    .containsPattern("ReadyLine +server\\.ready Narwhal ")
                    .doesNotContain("[]");
        }
    }

    private static void refused(URI upload) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest wrong = HttpRequest.newBuilder(upload)
                    .header("Tus-Resumable", "1.0.0")
                    .header("X-Request-ID", REQUEST)
                    .method("PATCH", HttpRequest.BodyPublishers.noBody())
                    .build();
            assertThat(http.send(wrong, BodyHandlers.discarding()).statusCode()).isBetween(400, 499);
        }
    }

    private static Map<String, Object> object(String line) {
        return JsonParserFactory.getJsonParser().parseMap(line);
    }

    private static String value(Map<String, Object> line, String outer, String inner) {
        return line.get(outer) instanceof Map<?, ?> object ? String.valueOf(object.get(inner)) : "";
    }
}
