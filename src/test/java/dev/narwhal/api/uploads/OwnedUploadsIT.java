package dev.narwhal.api.uploads;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.access.ApiKeys;
import dev.narwhal.access.Limits;
import dev.narwhal.access.Role;
import dev.narwhal.testkit.PlainTus;
import dev.narwhal.testkit.ServerInProcess;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Owners see and end their own uploads only, operators all of them. */
class OwnedUploadsIT {

    private static final JsonMapper JSON = new JsonMapper();

    @SuppressWarnings("NullAway.Init")
    private static ServerInProcess server;

    @SuppressWarnings("NullAway.Init")
    private static PlainTus anna;

    @SuppressWarnings("NullAway.Init")
    private static PlainTus ben;

    @SuppressWarnings("NullAway.Init")
    private static PlainTus operator;

    @BeforeAll
    static void start(@TempDir Path dir) {
        server = ServerInProcess.start(dir.resolve("data"), "--narwhal.access.mode=closed");
        anna = with("anna", Role.UPLOAD, Role.READ);
        ben = with("ben", Role.UPLOAD, Role.READ);
        operator = with("ops", Role.OPERATE);
    }

    private static PlainTus with(String owner, Role... scopes) {
        ApiKeys keys = server.context().getBean(ApiKeys.class);
        return PlainTus.with(
                keys.create(owner, Set.of(scopes), Limits.NONE, null, "test").text());
    }

    @AfterAll
    static void stop() {
        anna.close();
        ben.close();
        operator.close();
        server.close();
    }

    private static HttpResponse<String> send(PlainTus caller, String method, String path) throws Exception {
        return caller.send(method, server.root().resolve("api/v1/" + path), BodyPublishers.noBody());
    }

    private static List<String> ids(PlainTus caller, String path) throws Exception {
        HttpResponse<String> answer = send(caller, "GET", path);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body())
                .get("items")
                .valueStream()
                .map(item -> item.get("id").asString())
                .toList();
    }

    private static String create(PlainTus caller) throws Exception {
        URI upload = caller.create(server.uploads(), 9, "owned.txt");
        return upload.getPath().substring(upload.getPath().lastIndexOf('/') + 1);
    }

    @Test
    void lists_haveWhatTheCallerMaySee() throws Exception {
        String hers = create(anna);
        String his = create(ben);

        assertThat(ids(anna, "uploads?limit=200")).contains(hers).doesNotContain(his);
        assertThat(ids(anna, "uploads?owner=ben")).isEmpty();
        assertThat(ids(operator, "uploads?limit=200")).contains(hers, his);
        assertThat(ids(operator, "uploads?limit=200&owner=ben")).contains(his).doesNotContain(hers);
    }

    @Test
    void anothersUpload_isNotThere() throws Exception {
        String hers = create(anna);

        HttpResponse<String> foreign = send(ben, "GET", "uploads/" + hers);
        assertThat(foreign.statusCode()).isEqualTo(404);
        assertThat(foreign.body())
                .isEqualTo(send(ben, "GET", "uploads/" + "0".repeat(32)).body());
        assertThat(send(ben, "DELETE", "uploads/" + hers).statusCode()).isEqualTo(404);
        assertThat(send(anna, "GET", "uploads/" + hers).statusCode()).isEqualTo(200);
        assertThat(send(anna, "POST", "uploads/" + hers + "/retry").body()).contains("SCOPE_MISSING");
        assertThat(send(anna, "DELETE", "uploads/" + hers).statusCode()).isEqualTo(204);
    }

    @Test
    void operator_thatEndsAnUpload_isInItsTimeline() throws Exception {
        String hers = create(anna);

        assertThat(send(operator, "DELETE", "uploads/" + hers).statusCode()).isEqualTo(204);

        JsonNode last = JSON.readTree(send(anna, "GET", "uploads/" + hers).body())
                .get("timeline")
                .valueStream()
                .reduce((first, second) -> second)
                .orElseThrow();
        assertThat(last.get("event").asString()).isEqualTo("TERMINATED");
        assertThat(last.get("actor").asString()).startsWith("ops (key:");
    }

    @Test
    void batch_ofAnotherOwner_isNotThere() throws Exception {
        String metadata = "batch " + Base64.getEncoder().encodeToString("trip".getBytes(UTF_8));
        anna.create(server.uploads(), 4, metadata, "here".getBytes(UTF_8));

        assertThat(send(anna, "GET", "batches/trip").statusCode()).isEqualTo(200);
        assertThat(send(ben, "GET", "batches/trip").statusCode()).isEqualTo(404);
        assertThat(send(ben, "GET", "batches/trip?owner=anna").statusCode()).isEqualTo(404);
        assertThat(send(operator, "GET", "batches/trip?owner=anna").statusCode())
                .isEqualTo(200);
        assertThat(ids(anna, "uploads?batch=trip")).hasSize(1);
        assertThat(ids(ben, "uploads?batch=trip")).isEmpty();
        assertThat(ids(operator, "uploads?batch=trip&owner=anna")).hasSize(1);
        assertThat(send(anna, "GET", "batches").body()).contains("\"batch\":\"trip\"");
    }
}
