package dev.narwhal.protocol.tus;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.narwhal.access.ApiKeys;
import dev.narwhal.access.Limits;
import dev.narwhal.access.Role;
import dev.narwhal.testkit.HandFedPatch;
import dev.narwhal.testkit.PlainTus;
import dev.narwhal.testkit.ServerInProcess;
import dev.narwhal.testkit.SettableClock;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The tus path where access is closed: keys, their scopes and their ends. */
class AccessIT {

    @TempDir
    static Path dir;

    private static final SettableClock CLOCK = new SettableClock();
    private static ServerInProcess server;
    private static ApiKeys keys;

    private final PlainTus stranger = new PlainTus();

    @BeforeAll
    static void start() {
        UnaryOperator<SpringApplicationBuilder> clock = application ->
                application.initializers(early -> early.getBeanFactory().registerSingleton("clock", (Clock) CLOCK));
        server = ServerInProcess.start(dir.resolve("data"), clock, "--narwhal.access.mode=closed");
        keys = server.context().getBean(ApiKeys.class);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void key_opensTheWholeOfAnUpload() throws Exception {
        PlainTus ann = PlainTus.with(key("ann", null, Role.UPLOAD, Role.READ));
        URI upload = ann.create(server.uploads(), 5, "a.txt");

        assertThat(ann.offset(upload)).isZero();
        assertThat(ann.patch(upload, 0, "hello".getBytes(UTF_8)).statusCode()).isEqualTo(204);
        assertThat(ann.send("GET", upload, BodyPublishers.noBody()).body()).isEqualTo("hello");
        assertThat(ann.delete(upload).statusCode()).isEqualTo(204);
    }

    @Test
    void bearer_isAsGoodAsTheHeaderOfItsOwn() throws Exception {
        String key = key("ann", null, Role.UPLOAD);

        assertThat(post("Authorization", "bearer " + key).statusCode()).isEqualTo(201);
        assertThat(post("Authorization", "Bearer " + key, "X-Api-Key", key).statusCode())
                .isEqualTo(201);
        assertThat(post("Authorization", "Bearer " + key, "X-Api-Key", key("ben", null, Role.UPLOAD))
                        .statusCode())
                .as("two that differ")
                .isEqualTo(401);
    }

    @Test
    void keyInTheQuery_isNone() throws Exception {
        String key = key("ann", null, Role.UPLOAD);
        URI files = URI.create(server.uploads() + "?key=" + key + "&access_token=" + key + "&X-Api-Key=" + key);

        assertThat(stranger.tryCreate(files, 5, "a.txt").statusCode()).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"HEAD", "PATCH", "DELETE", "GET"})
    void withoutOrWithFalseCredentials_everyVerbIs401(String method) throws Exception {
        String key = key("ann", null, Role.UPLOAD, Role.READ);
        URI upload = PlainTus.with(key).create(server.uploads(), 5, "a.txt");
        URI never = server.uploads().resolve("/files/" + "0".repeat(32));
        String wrong = key.substring(0, key.length() - 1) + (key.endsWith("0") ? "1" : "0");
        String unknown = "nwl_000000000000_" + key.substring(key.length() - 64);

        for (URI url : new URI[] {upload, never}) {
            assertRefused(call(stranger, method, url), "CREDENTIALS_MISSING", method);
            for (String false_ : new String[] {wrong, unknown, "nwl_", "x", "Basic x"}) {
                assertRefused(call(PlainTus.with(false_), method, url), "CREDENTIALS_INVALID", method);
            }
        }
        assertThat(stranger.send("POST", upload, BodyPublishers.noBody()).statusCode())
                .isEqualTo(405);
        assertThat(PlainTus.with(key).offset(upload)).isZero();
    }

    private static void assertRefused(HttpResponse<String> answer, String code, String method) {
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("WWW-Authenticate").orElse("")).startsWith("Bearer realm=");
        if (!method.equals("HEAD")) {
            assertThat(answer.body()).contains(code);
        }
    }

    @Test
    void options_isForEverybody() throws Exception {
        assertThat(stranger.options(server.uploads()).statusCode()).isEqualTo(204);
        assertThat(PlainTus.with("false").options(server.uploads()).statusCode())
                .isEqualTo(204);
    }

    @ParameterizedTest
    @CsvSource({
        "UPLOAD, POST, 201", "READ, POST, 403", "UPLOAD, HEAD, 200", "READ, HEAD, 200", "UPLOAD, PATCH, 204",
        "READ, PATCH, 403", "UPLOAD, GET, 403", "READ, GET, 409", "UPLOAD, DELETE, 204", "READ, DELETE, 403",
        "OPERATE, HEAD, 403", "OPERATE, PATCH, 403", "ADMIN, GET, 409", "ADMIN, PATCH, 204", "ADMIN, DELETE, 204",
    })
    void scope_decidesWhichVerbs(Role role, String method, int status) throws Exception {
        URI upload = PlainTus.with(key("ann", null, Role.UPLOAD)).create(server.uploads(), 10, "a.txt");
        URI url = method.equals("POST") ? server.uploads() : upload;

        HttpResponse<String> answer = call(PlainTus.with(key("ann", null, role)), method, url);

        assertThat(answer.statusCode()).isEqualTo(status);
    }

    @Test
    void admin_findsTheUploadsOfAll_andAStrangerThoseWithoutAnOwner() throws Exception {
        PlainTus ann = PlainTus.with(key("ann", null, Role.UPLOAD));
        PlainTus ben = PlainTus.with(key("ben", null, Role.UPLOAD, Role.READ));
        URI upload = ann.create(server.uploads(), 10, "a.txt");

        assertThat(PlainTus.with(key("root", null, Role.ADMIN)).offset(upload)).isZero();
        assertThat(ben.head(upload).statusCode()).isEqualTo(404);

        disown(upload);
        assertThat(stranger.offset(upload)).isZero();
        assertThat(ben.offset(upload))
                .as("whose client has got a key meanwhile")
                .isZero();
        assertThat(call(stranger, "GET", upload).statusCode()).isEqualTo(401);
        assertThat(stranger.patch(upload, 0, "hello".getBytes(UTF_8)).statusCode())
                .isEqualTo(204);
        assertThat(stranger.delete(upload).statusCode()).isEqualTo(204);
        assertThat(stranger.head(upload).statusCode()).as("when it is over").isEqualTo(401);
    }

    /** tus-js-client forgets an upload after a 401, and retries after a 423. */
    @Test
    void expiredKey_doesNotEndTheUpload_andANewKeyOfTheOwnerGoesOn() throws Exception {
        PlainTus old = PlainTus.with(key("ann", Duration.ofMinutes(1), Role.UPLOAD, Role.READ));
        URI upload = old.create(server.uploads(), 10, "a.txt");

        CLOCK.pass(Duration.ofMinutes(1));

        for (String method : new String[] {"HEAD", "PATCH"}) {
            HttpResponse<String> answer = call(old, method, upload);
            assertThat(answer.statusCode()).isEqualTo(423);
            assertThat(answer.headers().firstValue("WWW-Authenticate").orElse(""))
                    .contains("invalid_token");
        }
        assertThat(call(old, "PATCH", upload).body()).contains("CREDENTIALS_EXPIRED");
        for (String method : new String[] {"GET", "DELETE"}) {
            assertThat(call(old, method, upload).statusCode()).isEqualTo(401);
        }
        assertThat(old.tryCreate(server.uploads(), 5, "b.txt").statusCode()).isEqualTo(401);
        PlainTus renewed = PlainTus.with(key("ann", Duration.ofMinutes(1), Role.UPLOAD));
        assertThat(call(renewed, "PATCH", upload).statusCode()).isEqualTo(204);
        assertThat(renewed.offset(upload)).isEqualTo(5);
    }

    @Test
    void rotatedKey_hasTwoSecretsForAWhile() throws Exception {
        ApiKeys.Created first = create("ann", null, Role.UPLOAD);
        String second = keys.rotate(first.key().id(), Duration.ofHours(1)).orElseThrow();

        assertThat(create(first.text())).isEqualTo(201);
        assertThat(create(second)).isEqualTo(201);
        CLOCK.pass(Duration.ofHours(1));
        assertThat(create(first.text())).isEqualTo(401);
        assertThat(create(second)).isEqualTo(201);
    }

    @Test
    void revokedKey_isFalse_atOnce() throws Exception {
        ApiKeys.Created key = create("ann", null, Role.UPLOAD);
        assertThat(create(key.text())).isEqualTo(201);

        assertThat(keys.revoke(key.key().id())).isTrue();

        assertThat(create(key.text())).isEqualTo(401);
        assertThat(keys.revoke(key.key().id())).isFalse();
        assertThat(keys.rotate(key.key().id(), Duration.ZERO)).isEmpty();
    }

    /** The client neither sends nor closes: the server ends it. */
    @Test
    void revokedKey_endsABodyThatWasLetIn_andKeepsItsBytes() throws Exception {
        ApiKeys.Created key = create("ann", null, Role.UPLOAD);
        URI upload = PlainTus.with(key.text()).create(server.uploads(), 10_000, "a.txt");
        PlainTus other = PlainTus.with(key("ann", null, Role.UPLOAD));
        try (HandFedPatch body = HandFedPatch.begin(upload, 0, 10_000, "X-Api-Key: " + key.text())) {
            body.send("hello".getBytes(UTF_8));
            await().untilAsserted(() -> assertThat(other.offset(upload)).isEqualTo(5));

            keys.revoke(key.key().id());

            await().untilAsserted(() -> {
                body.sendLate("w".getBytes(UTF_8));
                assertThat(server.context()
                                .getBean(MeterRegistry.class)
                                .counter("narwhal.bodies.broken", "reason", "revoked")
                                .count())
                        .isEqualTo(1);
            });
            assertThat(body.status()).isEqualTo(401);
        }
        long kept = other.offset(upload);
        assertThat(kept).isBetween(5L, 9_999L);
        assertThat(other.patch(upload, kept, "world".getBytes(UTF_8)).statusCode())
                .isEqualTo(204);
    }

    @Test
    void expiredKey_doesNotCutABodyThatWasLetIn() throws Exception {
        String key = key("ann", Duration.ofMinutes(1), Role.UPLOAD);
        URI upload = PlainTus.with(key).create(server.uploads(), 10, "a.txt");
        PlainTus other = PlainTus.with(key("ann", null, Role.UPLOAD));
        try (HandFedPatch body = HandFedPatch.begin(upload, 0, 10, "X-Api-Key: " + key)) {
            body.send("hello".getBytes(UTF_8));
            await().untilAsserted(() -> assertThat(other.offset(upload)).isEqualTo(5));
            CLOCK.pass(Duration.ofMinutes(2));

            assertThat(body.send("world".getBytes(UTF_8)).status()).isEqualTo(204);
        }
    }

    @Test
    void database_hasNoSecret() {
        ApiKeys.Created key = create("ann", null, Role.UPLOAD);
        String secret = key.text().substring(key.text().length() - 64);

        assertThat(server.context()
                        .getBean(JdbcClient.class)
                        .sql("select * from api_key")
                        .query()
                        .listOfRows()
                        .toString())
                .contains(key.key().id())
                .doesNotContain(secret);
        assertThat(key.toString()).doesNotContain(secret);
    }

    private int create(String key) throws Exception {
        return PlainTus.with(key).tryCreate(server.uploads(), 5, "a.txt").statusCode();
    }

    private HttpResponse<String> post(String... headers) throws Exception {
        String[] all = new String[headers.length + 2];
        System.arraycopy(headers, 0, all, 0, headers.length);
        all[headers.length] = "Upload-Length";
        all[headers.length + 1] = "5";
        return stranger.send("POST", server.uploads(), BodyPublishers.noBody(), all);
    }

    private static HttpResponse<String> call(PlainTus client, String method, URI url) throws Exception {
        return switch (method) {
            case "POST" -> client.tryCreate(url, 5, "a.txt");
            case "PATCH" -> client.patch(url, 0, "hello".getBytes(UTF_8));
            default -> client.send(method, url, BodyPublishers.noBody());
        };
    }

    private static void disown(URI upload) {
        String path = upload.getPath();
        int changed = server.context()
                .getBean(JdbcClient.class)
                .sql("update upload set owner = '' where id = :id")
                .param("id", path.substring(path.lastIndexOf('/') + 1))
                .update();
        assertThat(changed).isEqualTo(1);
    }

    private static ApiKeys.Created create(String owner, @Nullable Duration lifetime, Role... scopes) {
        return keys.create(owner, Set.of(scopes), Limits.NONE, lifetime, "test");
    }

    private static String key(String owner, @Nullable Duration lifetime, Role... scopes) {
        return create(owner, lifetime, scopes).text();
    }
}
