package dev.narwhal.api.creation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.access.ApiKeys;
import dev.narwhal.access.Limits;
import dev.narwhal.access.Role;
import dev.narwhal.testkit.PlainTus;
import dev.narwhal.testkit.ServerInProcess;
import java.io.ByteArrayOutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An application creates uploads and upload URLs for clients that have no credentials. */
class CreationApiIT {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String UPLOADS = "api/v1/uploads";
    private static final String URLS = "api/v1/upload-urls";

    @TempDir
    static Path dir;

    private static ServerInProcess server;
    private static String key = "";

    private final PlainTus tus = new PlainTus();
    private final HttpClient http = HttpClient.newHttpClient();

    @BeforeAll
    static void start() {
        server = ServerInProcess.start(dir.resolve("data"), "--narwhal.access.mode=closed");
        key = key("ann", Role.UPLOAD);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void upload_isCreatedForAClientWithoutCredentials() throws Exception {
        JsonNode made = created(UPLOADS, """
                {"length": 5, "metadata": {"filename": "grün.txt", "filetype": "text/plain"}, "expireAfter": "PT2H"}
                """);
        URI url = URI.create(made.get("url").asString());

        assertThat(url.toString())
                .startsWith(server.root() + "files/u/")
                .endsWith("/" + made.get("id").asString());
        HttpResponse<String> head = tus.head(url);
        assertThat(head.headers().firstValue("Upload-Metadata"))
                .hasValue("filename Z3LDvG4udHh0,filetype dGV4dC9wbGFpbg==");
        assertThat(head.headers().firstValue("Upload-Length")).hasValue("5");
        assertThat(made.get("expiresAt").isNull()).isFalse();
        assertThat(tus.patch(url, 0, "hello".getBytes(UTF_8)).statusCode()).isEqualTo(204);
        URI creation = URI.create(url.toString().replaceFirst("/[^/]*$", ""));
        assertThat(tus.tryCreate(creation, 5, "b").statusCode())
                .as("another one")
                .isEqualTo(410);
    }

    @Test
    void upload_withoutALength_isDeclaredLater() throws Exception {
        URI url = URI.create(created(UPLOADS, "{}").get("url").asString());

        assertThat(tus.head(url).headers().firstValue("Upload-Defer-Length")).hasValue("1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"length\": -1}",
                "{\"length\": \"5\"}",
                "{\"size\": 5}",
                "{\"metadata\": {\"a b\": \"c\"}}",
                "{\"metadata\": {\"a\": null}}",
                "{\"metadata\": {\"sha256\": \"x\"}}",
                "{\"key\": \"ann//b\"}",
                "{\"key\": \"ann/\"}",
                "{\"key\": \"ann/../x\"}",
                "{\"expireAfter\": \"1h\"}",
                "{\"expireAfter\": \"PT0S\"}",
                "[]",
                "",
                "{"
            })
    void upload_withAMistake_isRefused(String json) throws Exception {
        HttpResponse<String> answer = send("POST", UPLOADS, key, json);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    }

    @Test
    void anotherOwner_isForAdministrators() throws Exception {
        assertThat(send("POST", UPLOADS, key, "{\"owner\": \"ben\"}").statusCode())
                .isEqualTo(403);
        HttpResponse<String> made = send("POST", UPLOADS, key("root", Role.ADMIN), "{\"owner\": \"ben\"}");

        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        String id = JSON.readTree(made.body()).get("id").asString();
        assertThat(PlainTus.with(key("ben", Role.UPLOAD))
                        .head(server.root().resolve("files/" + id))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void url_isShownOnce_listedAndRevoked() throws Exception {
        JsonNode made = created(URLS, """
                {"startWithin": "PT10M", "uses": 2, "maxSize": 10, "types": ["image/*"], "metadata": {"user": "42"}}
                """);
        URI files = URI.create(made.get("url").asString());
        String id = made.get("id").asString();

        assertThat(tus.send(
                                "POST",
                                files,
                                BodyPublishers.noBody(),
                                "Upload-Length",
                                "11",
                                "Upload-Metadata",
                                "filetype aW1hZ2UvcG5n")
                        .statusCode())
                .as("too large")
                .isEqualTo(413);
        assertThat(tus.send(
                                "POST",
                                files,
                                BodyPublishers.noBody(),
                                "Upload-Length",
                                "10",
                                "Upload-Metadata",
                                "filetype aW1hZ2UvcG5n")
                        .statusCode())
                .isEqualTo(201);
        JsonNode shown = JSON.readTree(send("GET", URLS + "/" + id, key, "").body());
        assertThat(shown.get("url").isNull()).isTrue();
        assertThat(shown.get("uses").asInt()).isEqualTo(1);
        assertThat(shown.get("metadata").get("user").asString()).isEqualTo("42");
        assertThat(send("GET", URLS, key, "").body()).contains(id).doesNotContain(files.getPath());
        String stranger = key("ben", Role.UPLOAD);
        assertThat(send("GET", URLS, stranger, "").body()).doesNotContain(id);
        assertThat(send("GET", URLS + "/" + id, stranger, "").statusCode()).isEqualTo(404);
        assertThat(send("DELETE", URLS + "/" + id, stranger, "").statusCode()).isEqualTo(404);

        assertThat(send("DELETE", URLS + "/" + id, key, "").statusCode()).isEqualTo(204);
        assertThat(tus.tryCreate(files, 5, "a").statusCode()).isEqualTo(410);
        assertThat(send("DELETE", URLS + "/" + id, key, "").statusCode()).isEqualTo(404);
    }

    @Test
    void urls_areListedByPages() throws Exception {
        String own = key("carl", Role.UPLOAD);
        for (int i = 0; i < 3; i++) {
            assertThat(send("POST", URLS, own, "{}").statusCode()).isEqualTo(201);
        }
        JsonNode first = JSON.readTree(send("GET", URLS + "?limit=2", own, "").body());
        JsonNode second = JSON.readTree(
                send("GET", URLS + "?limit=2&cursor=" + first.get("next").asString(), own, "")
                        .body());

        assertThat(first.get("items").size()).isEqualTo(2);
        assertThat(second.get("items").size()).isEqualTo(1);
        assertThat(second.get("next").isNull()).isTrue();
    }

    /** A scope of one's own must not grow by a URL, nor an owner take another's names. */
    @Test
    void url_allowsNoMoreThanItsMakerMay() throws Exception {
        assertThat(send("POST", URLS, key, "{\"read\": true}").statusCode()).isEqualTo(403);
        assertThat(send("POST", URLS, key, "{\"key\": \"ben/x\"}").statusCode()).isEqualTo(403);
        assertThat(send("POST", UPLOADS, key, "{\"key\": \"annx\"}").statusCode())
                .isEqualTo(403);
        assertThat(send("POST", URLS, key, "{\"types\": [null]}").statusCode()).isEqualTo(400);
        assertThat(send("POST", URLS, key("root", Role.ADMIN), "{\"key\": \"ben/x\", \"read\": true}")
                        .statusCode())
                .isEqualTo(201);
        assertThat(send("POST", URLS, key("root", Role.ADMIN), "{\"owner\": \"a\\u0000b\"}")
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void withoutCredentials_nothingIsCreated() throws Exception {
        assertThat(send("POST", UPLOADS, "", "{}").statusCode()).isEqualTo(401);
        assertThat(send("POST", URLS, "", "{}").statusCode()).isEqualTo(401);
        assertThat(send("POST", URLS, key("ann", Role.READ), "{}").statusCode()).isEqualTo(403);
    }

    @Test
    void whereAccessIsOpen_theUploadHasItsPlainUrl_andThereAreNoUploadUrls() throws Exception {
        URI root = ServerInProcess.shared().root();
        HttpResponse<String> made = send("POST", root.resolve(UPLOADS), "", "{\"length\": 5}");
        URI url = URI.create(JSON.readTree(made.body()).get("url").asString());

        assertThat(url.getPath()).matches("/files/[0-9a-f]{32}");
        assertThat(tus.offset(url)).isZero();
        HttpResponse<String> refused = send("POST", root.resolve(URLS), "", "{}");
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).contains("ACCESS_IS_OPEN");
    }

    /** The answer was lost, or was not: both URLs lead to the one upload. */
    @Test
    void upload_createdTwiceWithTheSameKey_isOne() throws Exception {
        String once = UUID.randomUUID().toString();
        JsonNode first = JSON.readTree(withKey(once, "{\"length\": 5}").body());
        JsonNode second = JSON.readTree(withKey(once, "{\"length\": 5}").body());

        assertThat(second.get("id")).isEqualTo(first.get("id"));
        assertThat(second.get("uploadUrl")).isEqualTo(first.get("uploadUrl"));
        for (JsonNode made : List.of(first, second)) {
            assertThat(tus.offset(URI.create(made.get("url").asString()))).isZero();
        }
        HttpResponse<String> other = withKey(once, "{\"length\": 6}");
        assertThat(other.statusCode()).isEqualTo(422);
        assertThat(other.body()).contains("IDEMPOTENCY_KEY_REUSED");
    }

    private HttpResponse<String> withKey(String once, String json) throws Exception {
        return http.send(
                HttpRequest.newBuilder(server.root().resolve(UPLOADS))
                        .header("Content-Type", "application/json")
                        .header("X-Api-Key", key)
                        .header("Idempotency-Key", once)
                        .POST(BodyPublishers.ofString(json))
                        .build(),
                BodyHandlers.ofString());
    }

    @Test
    void form_withAFile_isAFinishedUpload() throws Exception {
        String reader = key("ann", Role.UPLOAD, Role.READ);
        byte[] content = new byte[300_000];
        new Random(1).nextBytes(content);

        HttpResponse<String> answer = form(
                reader,
                UUID.randomUUID().toString(),
                field("metadata.user", "42"),
                field("key", "ann/one.bin"),
                file("grün.bin", content));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        JsonNode made = JSON.readTree(answer.body());
        assertThat(made.get("offset").asLong()).isEqualTo(content.length);
        JsonNode upload =
                JSON.readTree(send("GET", UPLOADS + "/" + made.get("id").asString(), reader, "")
                        .body());
        assertThat(upload.get("filename").asString()).isEqualTo("grün.bin");
        assertThat(upload.get("metadata").get("user").asString()).isEqualTo("42");
        Path delivered = dir.resolve("data/delivered/ann/one.bin");
        Awaitility.await().until(() -> delivered.toFile().length() == content.length);
        assertThat(Files.readAllBytes(delivered)).isEqualTo(content);
    }

    @Test
    void form_sentTwiceWithTheSameKey_isOneUpload() throws Exception {
        String once = UUID.randomUUID().toString();
        String first = form(key, once, file("a", new byte[5])).body();
        String second = form(key, once, file("a", new byte[5])).body();

        assertThat(JSON.readTree(second).get("id"))
                .isEqualTo(JSON.readTree(first).get("id"));
    }

    /** The first connection is dead, and the server has not heard of it: the form is not there before it is whole. */
    @Test
    void form_sentAgainWhileTheFirstHangs_takesItsPlace() throws Exception {
        String owner = "owner-" + UUID.randomUUID();
        String uploader = key(owner, Role.UPLOAD);
        String once = UUID.randomUUID().toString();
        // Larger than what is recorded without a word of the client's: the row of the first is there.
        byte[] whole = join(file("a", new byte[70 << 20]));
        try (Socket dead = new Socket("127.0.0.1", server.root().getPort())) {
            dead.getOutputStream()
                    .write(("""
                    POST /api/v1/uploads HTTP/1.1
                    Host: 127.0.0.1
                    Content-Type: multipart/form-data; boundary=%s
                    Idempotency-Key: %s
                    X-Api-Key: %s
                    Content-Length: %d

                    """.formatted(BOUNDARY, once, uploader, whole.length))
                            .replace("\n", "\r\n")
                            .getBytes(UTF_8));
            dead.getOutputStream().write(whole, 0, whole.length - 1000);
            Awaitility.await().until(() -> states(owner).equals(List.of("RECEIVING")));

            HttpResponse<String> second = post(uploader, once, whole);

            assertThat(second.statusCode()).as(second.body()).isEqualTo(201);
            assertThat(JSON.readTree(second.body()).get("length").asLong()).isEqualTo(70 << 20);
        }
        Awaitility.await()
                .until(() -> states(owner).stream().sorted().toList().equals(List.of("DELIVERED", "TERMINATED")));
    }

    private List<String> states(String owner) throws Exception {
        return JSON.readTree(send("GET", UPLOADS, key(owner, Role.READ), "").body())
                .get("items")
                .valueStream()
                .map(item -> item.get("state").asString())
                .toList();
    }

    @Test
    void form_thatBreaksOff_leavesNothing() throws Exception {
        String owner = "owner-" + UUID.randomUUID();
        byte[] whole = join(file("a", new byte[200_000]));
        byte[] cut = Arrays.copyOf(whole, 100_000);

        assertThat(post(key(owner, Role.UPLOAD), UUID.randomUUID().toString(), cut)
                        .statusCode())
                .isEqualTo(400);
        assertThat(states(owner)).allMatch("TERMINATED"::equals);
    }

    @Test
    void form_withAMistake_isRefused() throws Exception {
        String once = UUID.randomUUID().toString();
        assertThat(form(key, once, field("key", "a")).statusCode())
                .as("no file")
                .isEqualTo(400);
        assertThat(form(key, once, field("other", "a"), file("a", new byte[1])).statusCode())
                .isEqualTo(400);
        assertThat(form(key, once, field("key", "x".repeat(5000)), file("a", new byte[1]))
                        .statusCode())
                .isEqualTo(400);
        assertThat(form(key, once, field("key", "../a"), file("a", new byte[1])).statusCode())
                .isEqualTo(403);
        assertThat(post(key, once, new byte[0]).statusCode()).isEqualTo(400);
        assertThat(post("", once, join(file("a", new byte[1]))).statusCode()).isEqualTo(401);
    }

    private static final String BOUNDARY = "----narwhal";

    private static byte[] field(String name, String value) {
        return ("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n")
                .getBytes(UTF_8);
    }

    private static byte[] file(String name, byte[] content) {
        ByteArrayOutputStream part = new ByteArrayOutputStream();
        part.writeBytes(("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + name
                        + "\"\r\nContent-Type: application/octet-stream\r\n\r\n")
                .getBytes(UTF_8));
        part.writeBytes(content);
        part.writeBytes("\r\n".getBytes(UTF_8));
        return part.toByteArray();
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            body.writeBytes(part);
        }
        body.writeBytes(("--" + BOUNDARY + "--\r\n").getBytes(UTF_8));
        return body.toByteArray();
    }

    private HttpResponse<String> form(String withKey, String once, byte[]... parts) throws Exception {
        return post(withKey, once, join(parts));
    }

    private HttpResponse<String> post(String withKey, String once, byte[] body) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(server.root().resolve(UPLOADS))
                .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                .header("Idempotency-Key", once)
                .POST(BodyPublishers.ofByteArray(body));
        if (!withKey.isEmpty()) {
            request.header("X-Api-Key", withKey);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private JsonNode created(String path, String json) throws Exception {
        HttpResponse<String> answer = send("POST", path, key, json);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return JSON.readTree(answer.body());
    }

    private HttpResponse<String> send(String method, String path, String withKey, String json) throws Exception {
        return send(method, server.root().resolve(path), withKey, json);
    }

    private HttpResponse<String> send(String method, URI url, String withKey, String json) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(url)
                .method(method, json.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(json));
        if (method.equals("POST")) {
            request.header("Content-Type", "application/json");
        }
        if (!withKey.isEmpty()) {
            request.header("X-Api-Key", withKey);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private static String key(String owner, Role... scopes) {
        return server.context()
                .getBean(ApiKeys.class)
                .create(owner, Set.of(scopes), Limits.NONE, null, "test")
                .text();
    }
}
