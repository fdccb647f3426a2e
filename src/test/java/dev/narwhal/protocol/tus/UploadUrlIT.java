package dev.narwhal.protocol.tus;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.narwhal.access.ApiKeys;
import dev.narwhal.access.Caller;
import dev.narwhal.access.Limits;
import dev.narwhal.access.Role;
import dev.narwhal.access.UploadUrl;
import dev.narwhal.access.UploadUrls;
import dev.narwhal.ingest.ExpirySweep;
import dev.narwhal.testkit.HandFedPatch;
import dev.narwhal.testkit.PlainTus;
import dev.narwhal.testkit.ServerInProcess;
import dev.narwhal.testkit.SettableClock;
import dev.narwhal.upload.Race;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadId;
import dev.narwhal.upload.UploadRepository;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Clients without credentials, to whom a server that knows its user has handed an upload URL. */
class UploadUrlIT {

    private static final UploadUrl.Grant ANY = new UploadUrl.Grant(null, List.of(), null, null, null, false, null);
    private static final Caller MAKER = Caller.of("ann", Set.of(Role.UPLOAD), Limits.NONE, null);
    private static final SettableClock CLOCK = new SettableClock();

    @TempDir
    static Path dir;

    private static ServerInProcess server;
    private static UploadUrls urls;

    private final PlainTus tus = new PlainTus();

    @BeforeAll
    static void start() {
        server = ServerInProcess.start(
                dir.resolve("data"),
                application -> application.initializers(
                        early -> early.getBeanFactory().registerSingleton("clock", (Clock) CLOCK)),
                "--narwhal.access.mode=closed");
        urls = server.context().getBean(UploadUrls.class);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void url_opensCreation_andWhatItHasCreated() throws Exception {
        URI files = url(ANY, null);
        URI upload = tus.create(files, 10, "a.txt");

        assertThat(upload.getPath()).startsWith(files.getPath() + "/");
        assertThat(tus.patch(upload, 0, "hello".getBytes(UTF_8)).statusCode()).isEqualTo(204);
        assertThat(tus.offset(upload)).isEqualTo(5);
        assertThat(tus.head(upload).headers().firstValue("Referrer-Policy")).hasValue("no-referrer");
        assertThat(tus.send("GET", upload, BodyPublishers.noBody()).statusCode())
                .isEqualTo(403);
        assertThat(row(upload).owner()).isEqualTo("ann");
        assertThat(PlainTus.with(key("ann")).offset(plain(upload))).isEqualTo(5);
        assertThat(tus.delete(upload).statusCode()).isEqualTo(204);
    }

    @Test
    void url_opensNothingElse() throws Exception {
        URI files = url(ANY, null);
        URI own = tus.create(files, 10, "a.txt");
        URI other = tus.create(url(ANY, null), 10, "b.txt");
        URI anns = PlainTus.with(key("ann")).create(server.uploads(), 10, "c.txt");

        for (URI foreign : List.of(other, anns)) {
            URI guessed = URI.create(files + "/" + id(foreign));
            for (String method : List.of("HEAD", "PATCH", "DELETE")) {
                assertThat(call(method, guessed)).as(method).isEqualTo(404);
            }
            assertThat(concatenate(files, guessed)).isEqualTo(404);
        }
        for (String method : List.of("HEAD", "PATCH", "DELETE", "GET")) {
            assertThat(call(method, plain(own)))
                    .as("without the token, " + method)
                    .isEqualTo(401);
        }
        assertThat(call("POST", own)).isEqualTo(405);
    }

    @Test
    void tokenAtAnotherPlace_isNone() throws Exception {
        URI files = url(ANY, null);
        String token = files.getPath().substring("/files/u/".length());

        assertThat(PlainTus.with(token).tryCreate(server.uploads(), 5, "a").statusCode())
                .isEqualTo(401);
        assertThat(call("POST", URI.create(server.uploads() + "?u=" + token))).isEqualTo(401);
        for (String path : List.of(
                "/files/" + token,
                "/files/u/" + token + "/../" + token,
                "/files/u//" + token,
                "/files/u/" + token + "/u/" + token,
                "/files/u/" + token + ";x",
                "/files/U/" + token)) {
            assertThat(call("POST", server.root().resolve(path))).as(path).isIn(400, 401, 404, 405);
        }
        assertThat(call("POST", server.root().resolve("/files/u/" + "A".repeat(43))))
                .isEqualTo(410);
        assertThat(call("HEAD", server.root().resolve("/files/u/" + "A".repeat(43) + "/" + "0".repeat(32))))
                .isEqualTo(410);
    }

    /** The first clock stops what begins; what has begun has the second one. */
    @Test
    void startBy_cutsNoUploadThatHasBegun_butIdleAtMostDoes() throws Exception {
        URI files = url(new UploadUrl.Grant(null, List.of(), null, null, null, false, Duration.ofHours(2)), null);
        URI upload = tus.create(files, 10, "a.txt");

        CLOCK.pass(Duration.ofMinutes(90));
        assertThat(call("POST", files)).isEqualTo(410);
        assertThat(tus.patch(upload, 0, "hello".getBytes(UTF_8)).statusCode()).isEqualTo(204);
        CLOCK.pass(Duration.ofMinutes(90));
        assertThat(tus.offset(upload)).isEqualTo(5);
        CLOCK.pass(Duration.ofMinutes(31));
        assertThat(call("HEAD", upload)).isEqualTo(410);
    }

    @Test
    void uses_areCounted_alsoAtOnce() throws Exception {
        URI files = url(ANY, 3);

        List<Integer> answers = Race.run(8, client -> {
            try (PlainTus each = new PlainTus()) {
                return each.tryCreate(files, 5, "a" + client).statusCode();
            }
        });

        assertThat(answers).containsOnly(201, 410);
        assertThat(answers).filteredOn(status -> status == 201).hasSize(3);
    }

    /** A client that sends one file in parallel needs one use. */
    @Test
    void partialsAndTheirFinal_areOneUse_andNoTokenIsStored() throws Exception {
        URI files = url(ANY, 1);
        URI first = tus.partial(files, "hello".getBytes(UTF_8));
        URI second = tus.partial(files, "world".getBytes(UTF_8));

        HttpResponse<String> made = tus.send(
                "POST", files, BodyPublishers.noBody(), "Upload-Concat", "final;" + first + " " + second.getRawPath());

        assertThat(made.statusCode()).isEqualTo(201);
        URI whole = files.resolve(made.headers().firstValue("Location").orElseThrow());
        String token = files.getPath().substring("/files/u/".length());
        String echoed = tus.head(whole).headers().firstValue("Upload-Concat").orElseThrow();
        assertThat(echoed).doesNotContain(token).contains("/files/" + id(first)).contains("/files/" + id(second));
        assertThat(row(whole).concat()).isEqualTo(echoed);
        assertThat(tus.tryCreate(files, 5, "b").statusCode()).isEqualTo(410);
    }

    @Test
    void revoked_isOver_forAllItsUploads() throws Exception {
        UploadUrls.Created made = create(ANY, null);
        URI files = at(made.token());
        URI upload = tus.create(files, 10_000, "a.txt");
        try (HandFedPatch body = HandFedPatch.begin(upload, 0, 10_000)) {
            body.send("hello".getBytes(UTF_8));
            await().untilAsserted(() -> assertThat(tus.offset(upload)).isEqualTo(5));

            assertThat(urls.revoke(made.url().id())).isTrue();

            for (String method : List.of("HEAD", "PATCH", "DELETE")) {
                assertThat(call(method, upload)).isEqualTo(410);
            }
            assertThat(call("POST", files)).isEqualTo(410);
            await().until(() -> {
                body.sendLate("w".getBytes(UTF_8));
                return body.hasAnswer();
            });
            assertThat(body.status()).isEqualTo(410);
        }
        assertThat(row(upload).offset()).isBetween(5L, 9_999L);
        assertThat(urls.revoke(made.url().id())).isFalse();
    }

    /** Else a server that makes a URL for each upload would keep them all. */
    @Test
    void rows_goWithTheirUpload_orWhenTheyWereNeverUsed() throws Exception {
        UploadUrls.Created one = create(ANY, 1);
        UploadUrls.Created several = create(ANY, 2);
        UploadUrls.Created unused = create(ANY, 1);
        for (UploadUrls.Created made : List.of(one, several)) {
            tus.delete(tus.create(at(made.token()), 5, "a"));
        }

        CLOCK.pass(Duration.ofDays(30));
        server.context().getBean(ExpirySweep.class).run(() -> false);
        UploadUrls.Created next = create(ANY, 1);

        assertThat(rows())
                .contains(several.url().id(), next.url().id())
                .doesNotContain(one.url().id(), unused.url().id());
    }

    private static List<String> rows() {
        return server.context()
                .getBean(JdbcClient.class)
                .sql("select id from upload_url")
                .query(String.class)
                .list();
    }

    /** Whoever has stolen a key must not keep what the key has made. */
    @Test
    void revokedKey_endsTheUrlsThatItHasMade() throws Exception {
        ApiKeys keys = server.context().getBean(ApiKeys.class);
        ApiKeys.Created key = keys.create("ann", Set.of(Role.UPLOAD), Limits.NONE, null, "test");
        Caller maker =
                Caller.of("ann", Set.of(Role.UPLOAD), Limits.NONE, key.key().credential());
        Caller other =
                Caller.of("root", Set.of(Role.ADMIN), Limits.NONE, key.key().credential());
        List<URI> uploads = new ArrayList<>();
        for (Caller each : List.of(maker, other)) {
            URI files = at(urls.create(each, "ann", ANY, CLOCK.instant().plus(Duration.ofHours(1)), 1)
                    .token());
            uploads.add(tus.create(files, 10, "a.txt"));
        }

        keys.revoke(key.key().id());

        for (URI upload : uploads) {
            assertThat(call("HEAD", upload)).isEqualTo(410);
        }
    }

    /** The limits of a key bind whoever uploads by a URL that it has made. */
    @Test
    void limitsOfTheKey_holdForItsUrls() throws Exception {
        Limits limits = new Limits(20L, null, 15L, null, null, null);
        ApiKeys.Created key =
                server.context().getBean(ApiKeys.class).create("ann", Set.of(Role.UPLOAD), limits, null, "test");
        Caller maker = Caller.of("ann", Set.of(Role.UPLOAD), limits, key.key().credential());
        URI files = at(urls.create(maker, "ann", ANY, CLOCK.instant().plus(Duration.ofHours(1)), null)
                .token());

        assertThat(tus.tryCreate(files, 16, "large").statusCode()).isEqualTo(413);
        URI first = tus.create(files, 15, "first");
        assertThat(tus.tryCreate(files, 15, "second").statusCode())
                .as("used up")
                .isEqualTo(503);
        assertThat(PlainTus.with(key.text())
                        .tryCreate(server.uploads(), 15, "third")
                        .statusCode())
                .as("by the key itself")
                .isEqualTo(503);
        tus.delete(first);
        assertThat(tus.tryCreate(files, 15, "fourth").statusCode()).isEqualTo(201);
        assertThat(PlainTus.with(key("ann"))
                        .tryCreate(server.uploads(), 100, "others")
                        .statusCode())
                .as("another key of the owner")
                .isEqualTo(201);
    }

    /** The answer to the only use was lost. */
    @Test
    void repetition_ofTheLastUse_findsItsUpload() throws Exception {
        URI files = url(ANY, 1);
        String[] headers = {"Upload-Length", "5", "Idempotency-Key", "once " + files};
        String made = tus.send("POST", files, BodyPublishers.noBody(), headers)
                .headers()
                .firstValue("Location")
                .orElseThrow();
        // So that nothing remembers the URL as it was before its use.
        urls.forget();

        HttpResponse<String> again = tus.send("POST", files, BodyPublishers.noBody(), headers);

        assertThat(again.statusCode()).isEqualTo(201);
        assertThat(again.headers().firstValue("Location")).hasValue(made);
        assertThat(tus.tryCreate(files, 5, "b").statusCode()).isEqualTo(410);
    }

    @Test
    void grant_limitsTypeAndFixesMetadataAndKey() throws Exception {
        URI files = url(
                new UploadUrl.Grant(
                        null, List.of("image/*", "text/plain"), "user NDI=", "in/42/photo", null, true, null),
                null);

        assertThat(typed(files, "application/pdf").statusCode()).isEqualTo(403);
        assertThat(tus.tryCreate(files, 5, "a").statusCode())
                .as("without a type")
                .isEqualTo(403);
        HttpResponse<String> made = typed(files, "image/png");
        assertThat(made.statusCode()).isEqualTo(201);
        URI upload = files.resolve(made.headers().firstValue("Location").orElseThrow());
        assertThat(tus.head(upload).headers().firstValue("Upload-Metadata"))
                .hasValue("filetype aW1hZ2UvcG5n,user NDI=");
        assertThat(tus.patch(upload, 0, "hello".getBytes(UTF_8)).statusCode()).isEqualTo(204);
        assertThat(tus.send("GET", upload, BodyPublishers.noBody()).body()).isEqualTo("hello");
        await().until(() -> dir.resolve("data/delivered/in/42/photo").toFile().length() == 5);
    }

    /** Whichever way the size comes to be known. */
    @Test
    void maxSize_isOfEachUpload() throws Exception {
        URI files = url(new UploadUrl.Grant(6L, List.of(), null, null, null, false, null), 10);
        assertThat(tus.tryCreate(files, 7, "a").statusCode()).isEqualTo(413);
        URI deferred = files.resolve(tus.send("POST", files, BodyPublishers.noBody(), "Upload-Defer-Length", "1")
                .headers()
                .firstValue("Location")
                .orElseThrow());
        String type = "application/offset+octet-stream";

        assertThat(tus.send(
                                "PATCH",
                                deferred,
                                BodyPublishers.ofString("hello"),
                                "Upload-Length",
                                "7",
                                "Upload-Offset",
                                "0",
                                "Content-Type",
                                type)
                        .statusCode())
                .isEqualTo(413);
        assertThat(tus.patch(deferred, 0, "1234567".getBytes(UTF_8)).statusCode())
                .isEqualTo(413);
        URI first = tus.partial(files, "hello".getBytes(UTF_8));
        URI second = tus.partial(files, "world".getBytes(UTF_8));
        assertThat(tus.send(
                                "POST",
                                files,
                                BodyPublishers.noBody(),
                                "Upload-Concat",
                                "final;" + first.getPath() + " " + second.getPath())
                        .statusCode())
                .isEqualTo(413);
    }

    private HttpResponse<String> typed(URI files, String type) throws Exception {
        String value = java.util.Base64.getEncoder().encodeToString(type.getBytes(UTF_8));
        return tus.send(
                "POST",
                files,
                BodyPublishers.noBody(),
                "Upload-Length",
                "5",
                "Upload-Metadata",
                "user MQ==,filetype " + value);
    }

    @Test
    void origin_isThePagesThatMayUseIt() throws Exception {
        URI files = url(new UploadUrl.Grant(null, List.of(), null, null, "https://app.example.org", false, null), null);

        assertThat(from("https://evil.example.org", files)).isEqualTo(403);
        assertThat(call("POST", files)).as("of no page").isEqualTo(403);
        assertThat(from("https://app.example.org", files)).isEqualTo(201);
    }

    private int from(String origin, URI files) throws Exception {
        return tus.send("POST", files, BodyPublishers.noBody(), "Origin", origin, "Upload-Length", "5")
                .statusCode();
    }

    @ParameterizedTest
    @ValueSource(strings = {"upload_url", "upload", "delivery"})
    void database_hasNoToken(String table) throws Exception {
        UploadUrls.Created made = create(ANY, null);
        var unused = tus.create(at(made.token()), 0, "a.txt");

        assertThat(server.context()
                        .getBean(JdbcClient.class)
                        .sql("select * from " + table)
                        .query()
                        .listOfRows()
                        .toString())
                .doesNotContain(made.token());
        assertThat(made.toString()).doesNotContain(made.token());
    }

    private int call(String method, URI url) throws Exception {
        return switch (method) {
            case "POST" -> tus.tryCreate(url, 5, "a.txt").statusCode();
            case "PATCH" -> tus.patch(url, 0, "hello".getBytes(UTF_8)).statusCode();
            default -> tus.send(method, url, BodyPublishers.noBody()).statusCode();
        };
    }

    private int concatenate(URI files, URI partial) throws Exception {
        return tus.send("POST", files, BodyPublishers.noBody(), "Upload-Concat", "final;" + partial)
                .statusCode();
    }

    private static String key(String owner) {
        return server.context()
                .getBean(ApiKeys.class)
                .create(owner, Set.of(Role.UPLOAD), Limits.NONE, null, "test")
                .text();
    }

    private static UploadUrls.Created create(UploadUrl.Grant grant, @Nullable Integer uses) {
        return urls.create(MAKER, "ann", grant, CLOCK.instant().plus(Duration.ofHours(1)), uses);
    }

    private static URI url(UploadUrl.Grant grant, @Nullable Integer uses) {
        return at(create(grant, uses).token());
    }

    private static URI at(String token) {
        return server.root().resolve("/files/u/" + token);
    }

    private static URI plain(URI upload) {
        return server.root().resolve("/files/" + id(upload));
    }

    private static String id(URI upload) {
        String path = upload.getPath();
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private static Upload row(URI upload) {
        return server.context()
                .getBean(UploadRepository.class)
                .find(new UploadId(id(upload)))
                .orElseThrow();
    }
}
