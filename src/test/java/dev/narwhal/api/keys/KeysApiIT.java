package dev.narwhal.api.keys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.access.ApiKeys;
import dev.narwhal.access.Limits;
import dev.narwhal.access.Role;
import dev.narwhal.testkit.PlainTus;
import dev.narwhal.testkit.ServerInProcess;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Keys and sessions over the API. */
class KeysApiIT {

    private static final JsonMapper JSON = JsonMapper.shared();

    @TempDir
    static Path dir;

    private static ServerInProcess server;
    private static String admin;

    private final HttpClient http = HttpClient.newHttpClient();

    @BeforeAll
    static void start() {
        server = ServerInProcess.start(dir.resolve("data"), "--narwhal.access.mode=closed");
        admin = server.context()
                .getBean(ApiKeys.class)
                .create("root", Set.of(Role.ADMIN), Limits.NONE, null, "machine")
                .text();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void key_isMadeShownOnceListedRotatedAndRevoked() throws Exception {
        HttpResponse<String> made = send("POST", "keys", """
                {"owner":"ann","scopes":["upload","READ"],"expiresIn":"30d","limits":{"uploadSize":100}}""");
        assertThat(made.statusCode()).isEqualTo(201);
        assertThat(made.headers().firstValue("Cache-Control").orElse("")).contains("no-store");
        JsonNode key = JSON.readTree(made.body());
        String id = key.get("id").asString();
        String text = key.get("key").asString();
        assertThat(key.get("createdBy").asString()).startsWith("root (key:");
        assertThat(key.get("limits").get("uploadSize").asLong()).isEqualTo(100);
        assertThat(create(text)).isEqualTo(201);

        HttpResponse<String> list = send("GET", "keys", "");
        assertThat(list.body()).contains(id).doesNotContain(text.substring(text.length() - 64), "session:");
        assertThat(JSON.readTree(list.body()).get("next").isNull()).isTrue();

        JsonNode rotated = JSON.readTree(
                send("POST", "keys/" + id + "/rotate", "{\"grace\":\"0s\"}").body());
        assertThat(create(text)).isEqualTo(401);
        assertThat(create(rotated.get("key").asString())).isEqualTo(201);
        JsonNode again =
                JSON.readTree(send("POST", "keys/" + id + "/rotate", "").body());
        assertThat(again.get("previousUntil").isNull()).isFalse();

        assertThat(send("DELETE", "keys/" + id, "").statusCode()).isEqualTo(204);
        assertThat(create(again.get("key").asString())).isEqualTo(401);
        assertThat(send("DELETE", "keys/" + id, "").body()).contains("KEY_NOT_FOUND");
        assertThat(send("POST", "keys/" + id + "/rotate", "").statusCode()).isEqualTo(404);
    }

    @Test
    void ownerOfTooManyCharacters_isNamed() throws Exception {
        String most = "{\"owner\":\"%s\",\"scopes\":[\"read\"]}";

        assertThat(send("POST", "keys", most.formatted("a".repeat(200))).statusCode())
                .isEqualTo(201);
        HttpResponse<String> answer = send("POST", "keys", most.formatted("a".repeat(201)));
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("INVALID_BODY", "owner");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{}; owner",
                "{\"owner\":\" \",\"scopes\":[\"read\"]}; owner",
                "{\"owner\":\"a\\nb\",\"scopes\":[\"read\"]}; owner",
                "{\"owner\":\"session:a\",\"scopes\":[\"read\"]}; owner",
                "{\"owner\":\"a\"}; scopes",
                "{\"owner\":\"a\",\"scopes\":[\"root\"]}; upload, read, operate, admin",
                "{\"owner\":\"a\",\"scopes\":[null]}; upload, read, operate, admin",
                "{\"owner\":\"a\",\"scopes\":[\"read\"],\"expiresIn\":\"soon\"}; expiresIn",
                "{\"owner\":\"a\",\"scopes\":[\"read\"],\"limits\":{\"uploadSize\":-1}}; bytes of one upload",
                "{\"owner\":\"a\",\"scopes\":[\"read\"],\"secret\":\"x\"}; secret",
            })
    void wrongField_isNamed(String body, String named) throws Exception {
        HttpResponse<String> answer = send("POST", "keys", body);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("INVALID_BODY", named);
    }

    @Test
    void session_beginsWithAKey_andEnds() throws Exception {
        assertThat(login("nwl_000000000000_" + "0".repeat(64)).statusCode()).isEqualTo(401);
        assertThat(login("x").statusCode()).isEqualTo(401);
        HttpResponse<String> begun = login(admin);
        assertThat(begun.statusCode()).isEqualTo(200);
        String cookie = begun.headers().firstValue("Set-Cookie").orElseThrow();
        assertThat(cookie)
                .contains("Path=/", "HttpOnly", "SameSite=Strict", "Max-Age=43200")
                .doesNotContain("Secure", admin);
        String session = cookie.substring(0, cookie.indexOf(';'));
        String token = JSON.readTree(begun.body()).get("csrfToken").asString();

        HttpResponse<String> current = page("GET", "session", session, "");
        assertThat(JSON.readTree(current.body()).get("csrfToken").asString()).isEqualTo(token);
        assertThat(JSON.readTree(current.body()).get("owner").asString()).isEqualTo("root");
        assertThat(page("GET", "keys", session, "").statusCode()).isEqualTo(200);
        assertThat(page("DELETE", "keys/000000000000", session, "").statusCode())
                .isEqualTo(403);
        assertThat(page("DELETE", "keys/000000000000", session, token).statusCode())
                .isEqualTo(404);

        assertThat(page("DELETE", "session", session, "").statusCode()).isEqualTo(403);
        HttpResponse<String> ended = page("DELETE", "session", session, token);
        assertThat(ended.statusCode()).isEqualTo(204);
        assertThat(ended.headers().firstValue("Set-Cookie").orElse("")).contains("Max-Age=0");
        assertThat(page("GET", "keys", session, "").statusCode()).isEqualTo(401);
    }

    @Test
    void sessionOfAPageWithTls_isForTlsOnly() throws Exception {
        HttpRequest request = request("session")
                .header("Content-Type", "application/json")
                .header("Origin", "https://127.0.0.1:" + server.root().getPort())
                .POST(BodyPublishers.ofString("{\"key\":\"" + admin + "\"}"))
                .build();

        assertThat(http.send(request, BodyHandlers.ofString())
                        .headers()
                        .firstValue("Set-Cookie")
                        .orElseThrow())
                .contains("; Secure");
    }

    private HttpResponse<String> login(String key) throws Exception {
        return http.send(
                request("session")
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString("{\"key\":\"" + key + "\"}"))
                        .build(),
                BodyHandlers.ofString());
    }

    private HttpResponse<String> page(String method, String path, String cookie, String token) throws Exception {
        HttpRequest.Builder request = request(path).header("Cookie", cookie).method(method, BodyPublishers.noBody());
        return http.send(
                (token.isEmpty() ? request : request.header("X-CSRF-Token", token)).build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> send(String method, String path, String body) throws Exception {
        HttpRequest.Builder request = request(path).header("X-Api-Key", admin);
        return http.send(
                body.isEmpty()
                        ? request.method(method, BodyPublishers.noBody()).build()
                        : request.header("Content-Type", "application/json")
                                .method(method, BodyPublishers.ofString(body))
                                .build(),
                BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(server.root().resolve("api/v1/" + path));
    }

    private static int create(String key) throws Exception {
        return PlainTus.with(key).tryCreate(server.uploads(), 5, "a.txt").statusCode();
    }
}
