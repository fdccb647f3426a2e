package dev.narwhal.api.uploads;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.HandFedPatch;
import dev.narwhal.testkit.PlainTus;
import dev.narwhal.testkit.ServerInProcess;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The endpoints of uploads and of batches, by their URLs. */
class UploadsApiIT {

    private static final JsonMapper JSON = new JsonMapper();

    private final PlainTus tus = new PlainTus();
    private final HttpClient http = HttpClient.newHttpClient();
    private URI root = ServerInProcess.shared().root();

    @AfterEach
    void close() {
        tus.close();
        http.close();
    }

    private HttpResponse<String> send(String method, String path, String json)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(root.resolve(path));
        if (!json.isEmpty()) {
            request.header("Content-Type", "application/json");
        }
        return http.send(
                request.method(method, json.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(json))
                        .build(),
                BodyHandlers.ofString());
    }

    private JsonNode get(String path) throws IOException, InterruptedException {
        HttpResponse<String> answer = send("GET", path, "");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    private static String idOf(URI upload) {
        return upload.getPath().substring(upload.getPath().lastIndexOf('/') + 1);
    }

    private URI files() {
        return root.resolve("files");
    }

    private JsonNode awaitState(String id, String state) {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(
                        () -> get("api/v1/uploads/" + id),
                        upload -> upload.get("state").asString().equals(state));
    }

    private static List<String> events(JsonNode upload) {
        return upload.get("timeline")
                .valueStream()
                .map(entry -> entry.get("event").asString())
                .toList();
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }

    @Test
    void upload_thatGoesStraightThrough_isShownWithATimelineFromItsColumns() throws Exception {
        String metadata = "filename " + base64("straight.txt") + ",color " + base64("grün");
        String id = idOf(tus.create(files(), 5, metadata, "hello".getBytes(UTF_8)));

        JsonNode upload = awaitState(id, "DELIVERED");

        assertThat(upload.get("filename").asString()).isEqualTo("straight.txt");
        assertThat(upload.get("length").asLong()).isEqualTo(5);
        assertThat(upload.get("offset").asLong()).isEqualTo(5);
        assertThat(upload.get("metadata").get("color").asString()).isEqualTo("grün");
        assertThat(upload.get("uploadMetadata").asString()).isEqualTo(metadata);
        assertThat(upload.get("createdAt").asString()).endsWith("Z");
        assertThat(upload.has("expiresAt")).isTrue();
        assertThat(upload.get("expiresAt").isNull()).isTrue();
        assertThat(upload.get("delivery").get("status").asString()).isEqualTo("DELIVERED");
        assertThat(upload.get("delivery").get("key").asString()).contains("straight.txt");
        assertThat(events(upload))
                .containsExactly("CREATED", "FIRST_BYTES", "FINISHED", "DELIVERY_QUEUED", "DELIVERED");
    }

    @Test
    void list_withFilters_findsTheUpload() throws Exception {
        String name = "listed-" + System.nanoTime();
        String id = idOf(tus.create(files(), 9, name));

        for (String filter : List.of(
                "filename=" + name.toUpperCase(Locale.ROOT),
                "metadata=filename%3D" + name,
                "state=receiving,failed&filename=" + name,
                "order=progress&state=receiving&filename=" + name)) {
            JsonNode page = get("api/v1/uploads?" + filter);
            assertThat(page.get("items")
                            .valueStream()
                            .map(item -> item.get("id").asString()))
                    .as(filter)
                    .containsExactly(id);
        }
        assertThat(get("api/v1/uploads?state=delivered&filename=" + name).get("items"))
                .isEmpty();
    }

    @Test
    void list_inPages_goesOnByItsCursor() throws Exception {
        String batch = "pages-" + System.nanoTime();
        for (int i = 0; i < 3; i++) {
            tus.create(files(), 0, "batch " + base64(batch), new byte[0]);
        }

        JsonNode first = get("api/v1/uploads?limit=2&batch=" + batch);
        JsonNode second = get("api/v1/uploads?limit=2&batch=" + batch + "&cursor="
                + first.get("next").asString());

        assertThat(first.get("items")).hasSize(2);
        assertThat(second.get("items")).hasSize(1);
        assertThat(second.get("next").isNull()).isTrue();
        assertThat(get("api/v1/uploads?limit=2").get("next").isNull()).isFalse();
    }

    @Test
    void list_wronglyAsked_is400() throws Exception {
        for (String query : List.of(
                "limit=0",
                "limit=201",
                "limit=x",
                "state=lost",
                "order=random",
                "cursor=%2B",
                "createdAfter=today",
                "metadata=key",
                "stat=failed")) {
            assertThat(send("GET", "api/v1/uploads?" + query, "").statusCode())
                    .as(query)
                    .isEqualTo(400);
        }
    }

    @Test
    void upload_thatIsNot_is404() throws Exception {
        for (String id : List.of("0".repeat(32), "x", "0".repeat(31) + "A")) {
            assertThat(send("GET", "api/v1/uploads/" + id, "").statusCode())
                    .as(id)
                    .isEqualTo(404);
            assertThat(send("DELETE", "api/v1/uploads/" + id, "").statusCode())
                    .as(id)
                    .isEqualTo(404);
            assertThat(send("POST", "api/v1/uploads/" + id + "/retry", "").statusCode())
                    .as(id)
                    .isEqualTo(404);
        }
        assertThat(send("GET", "api/v1/uploads/..;", "").statusCode()).isEqualTo(400);
    }

    @Test
    void upload_cancelled_isATombstoneWithItsEnd() throws Exception {
        URI upload = tus.create(files(), 9, "cancelled.txt");
        String id = idOf(upload);

        assertThat(send("DELETE", "api/v1/uploads/" + id, "").statusCode()).isEqualTo(204);

        assertThat(tus.head(upload).statusCode()).isEqualTo(404);
        assertThat(events(get("api/v1/uploads/" + id))).containsExactly("CREATED", "TERMINATED");
        assertThat(send("DELETE", "api/v1/uploads/" + id, "").statusCode()).isEqualTo(404);
        assertThat(send("POST", "api/v1/uploads/" + id + "/retry", "").body()).contains("NOT_FAILED");
    }

    @Test
    void interruption_isInTheTimelineWithItsEnd() throws Exception {
        URI upload = tus.create(files(), 10, "broken.txt");
        try (HandFedPatch patch = HandFedPatch.begin(upload, 0, 10).send("hello".getBytes(UTF_8))) {
            Awaitility.await().until(() -> tus.offset(upload) == 5);
        }
        JsonNode broken = Awaitility.await()
                .until(
                        () -> get("api/v1/uploads/" + idOf(upload)),
                        shown -> events(shown).contains("INTERRUPTED"));
        assertThat(broken.get("timeline").get(2).get("detail").asString()).isEqualTo("cut");
        assertThat(broken.get("timeline").get(2).get("offset").asLong()).isEqualTo(5);

        assertThat(tus.patch(upload, 5, "world".getBytes(UTF_8)).statusCode()).isEqualTo(204);

        assertThat(events(awaitState(idOf(upload), "DELIVERED")))
                .containsExactly(
                        "CREATED", "FIRST_BYTES", "INTERRUPTED", "RESUMED", "FINISHED", "DELIVERY_QUEUED", "DELIVERED");
    }

    @Test
    void concatenation_isShownFromBothSides() throws Exception {
        URI partial = tus.partial(files(), "part".getBytes(UTF_8));
        String whole = idOf(tus.concatenate(files(), "whole.txt", List.of(partial, partial)));

        JsonNode shown = get("api/v1/uploads/" + whole);
        JsonNode part = get("api/v1/uploads/" + idOf(partial));

        assertThat(shown.get("partials")
                        .valueStream()
                        .map(item -> item.get("id").asString()))
                .containsExactly(idOf(partial), idOf(partial));
        assertThat(part.get("finals").valueStream().map(item -> item.get("id").asString()))
                .containsExactly(whole);
        assertThat(send("DELETE", "api/v1/uploads/" + idOf(partial), "").statusCode())
                .isIn(204, 409);
    }

    @Test
    void batch_showsTheProgressOfItsUploads() throws Exception {
        String batch = "trip & möre; 100% " + System.nanoTime();
        String metadata = "batch " + base64(batch);
        tus.create(files(), 4, metadata, "done".getBytes(UTF_8));
        tus.create(files(), 6, metadata, new byte[0]);
        String path = "api/v1/batches/" + URLEncoder.encode(batch, UTF_8).replace("+", "%20");
        assertThat(send("GET", path + "x", "").statusCode()).isEqualTo(404);

        JsonNode recent = get("api/v1/batches?limit=200");
        assertThat(recent.get("items")
                        .valueStream()
                        .map(item -> item.get("batch").asString()))
                .contains(batch);
        JsonNode progress = get(path);
        assertThat(progress.get("uploads").asLong()).isEqualTo(2);
        assertThat(progress.get("bytes").asLong()).isEqualTo(10);
        assertThat(progress.get("received").asLong()).isEqualTo(4);
        assertThat(progress.get("counts").get("RECEIVING").asLong()).isEqualTo(1);
    }

    @Test
    void deliveries_givenUp_areRetriedAllAtOnce(@TempDir Path dir) throws Exception {
        Path delivered = dir.resolve("data/delivered");
        Files.createDirectories(delivered);
        for (String name : List.of("a.txt", "b.txt")) {
            Files.writeString(delivered.resolve(name), "somebody else's");
        }
        try (ServerInProcess server =
                ServerInProcess.start(dir.resolve("data"), "--narwhal.destination.key-template={filename}")) {
            root = server.root();
            String first = idOf(tus.create(files(), 5, "filename " + base64("a.txt"), "hello".getBytes(UTF_8)));
            String second = idOf(tus.create(files(), 5, "filename " + base64("b.txt"), "world".getBytes(UTF_8)));
            awaitState(first, "FAILED");
            JsonNode failed = awaitState(second, "FAILED");
            assertThat(events(failed)).contains("DELIVERY_FAILED");
            assertThat(send("POST", "api/v1/uploads/retry", "{\"error\":\"no such error\"}")
                            .body())
                    .isEqualTo("{\"retried\":0,\"next\":null}");
            for (String name : List.of("a.txt", "b.txt")) {
                Files.delete(delivered.resolve(name));
            }

            assertThat(send("POST", "api/v1/uploads/retry", "{\"destination\":\"default\",\"error\":\"ANOTHER'S\"}")
                            .body())
                    .isEqualTo("{\"retried\":2,\"next\":null}");

            assertThat(events(awaitState(first, "DELIVERED"))).contains("DELIVERY_FAILED", "RETRIED", "DELIVERED");
            awaitState(second, "DELIVERED");
            assertThat(send("POST", "api/v1/uploads/" + second + "/retry", "").statusCode())
                    .isEqualTo(409);
            assertThat(send("POST", "api/v1/uploads/retry", "{\"eror\":\"x\"}").statusCode())
                    .isEqualTo(400);
        }
    }
}
