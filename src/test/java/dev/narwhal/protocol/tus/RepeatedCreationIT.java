package dev.narwhal.protocol.tus;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.access.ApiKeys;
import dev.narwhal.access.Limits;
import dev.narwhal.access.Role;
import dev.narwhal.testkit.PlainTus;
import dev.narwhal.testkit.ServerInProcess;
import dev.narwhal.testkit.SettableClock;
import dev.narwhal.upload.Race;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A client whose answer was lost sends its creation again. */
class RepeatedCreationIT {

    private static final SettableClock CLOCK = new SettableClock();

    @TempDir
    static Path dir;

    private static ServerInProcess server;
    private static String key = "";

    private final PlainTus tus = PlainTus.with(key);
    private final String once = UUID.randomUUID().toString();

    @BeforeAll
    static void start() {
        server = ServerInProcess.start(
                dir.resolve("data"),
                application -> application.initializers(
                        early -> early.getBeanFactory().registerSingleton("clock", (Clock) CLOCK)),
                "--narwhal.access.mode=closed");
        key = key("ann");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void sameKey_isTheSameUpload_forADay() throws Exception {
        HttpResponse<String> first = create(tus, "Upload-Length", "10");
        URI upload = location(first);
        tus.patch(upload, 0, "hello".getBytes(UTF_8));

        HttpResponse<String> second = create(tus, "Upload-Length", "10");

        assertThat(second.statusCode()).isEqualTo(201);
        assertThat(location(second)).isEqualTo(upload);
        assertThat(second.headers().firstValue("Upload-Offset")).hasValue("5");
        assertThat(second.headers().firstValue("Upload-Expires")).isPresent();
        CLOCK.pass(Duration.ofDays(1));
        assertThat(location(create(tus, "Upload-Length", "10"))).isNotEqualTo(upload);
    }

    @Test
    void sameKey_withAnotherLength_isAMistake() throws Exception {
        var unused = create(tus, "Upload-Length", "10");

        HttpResponse<String> other = create(tus, "Upload-Length", "11");

        assertThat(other.statusCode()).isEqualTo(422);
        assertThat(other.body()).contains("IDEMPOTENCY_KEY_REUSED");
    }

    @Test
    void sameKey_ofAnotherOwner_isAnotherUpload() throws Exception {
        URI anns = location(create(tus, "Upload-Length", "10"));

        assertThat(location(create(PlainTus.with(key("ben")), "Upload-Length", "10")))
                .isNotEqualTo(anns);
    }

    @Test
    void sameKey_afterTheUploadWasDeleted_createsAgain() throws Exception {
        URI upload = location(create(tus, "Upload-Length", "10"));
        tus.delete(upload);

        HttpResponse<String> again = create(tus, "Upload-Length", "10");

        assertThat(again.statusCode()).isEqualTo(201);
        assertThat(location(again)).isNotEqualTo(upload);
    }

    @Test
    void sameKey_withABody_isReceivedOnce() throws Exception {
        HttpResponse<String> first = withBody();
        HttpResponse<String> second = withBody();

        assertThat(List.of(first.statusCode(), second.statusCode())).containsOnly(201);
        assertThat(location(second)).isEqualTo(location(first));
        assertThat(second.headers().firstValue("Upload-Offset")).hasValue("5");
    }

    private HttpResponse<String> withBody() throws Exception {
        return tus.send(
                "POST",
                server.uploads(),
                BodyPublishers.ofString("hello"),
                "Idempotency-Key",
                once,
                "Upload-Length",
                "5",
                "Content-Type",
                "application/offset+octet-stream");
    }

    @Test
    void sameKey_fromManyAtOnce_isOneUpload() throws Exception {
        List<URI> made = Race.run(16, client -> {
            try (PlainTus each = PlainTus.with(key)) {
                return location(create(each, "Upload-Length", "10"));
            }
        });

        assertThat(made).hasSize(16).containsOnly(made.getFirst());
        assertThat(server.context()
                        .getBean(JdbcClient.class)
                        .sql("select count(*) from creation_key where name = :name")
                        .param("name", "key " + once)
                        .query(Long.class)
                        .single())
                .isEqualTo(1);
    }

    /** Two files at the destination otherwise: stock clients send no key. */
    @Test
    void final_ofTheSamePartials_isTheSame_forTwoMinutes() throws Exception {
        URI first = tus.partial(server.uploads(), "hello".getBytes(UTF_8));
        URI second = tus.partial(server.uploads(), "world".getBytes(UTF_8));

        URI whole = concatenate(first, second);

        assertThat(concatenate(first, second)).isEqualTo(whole);
        assertThat(concatenate(second, first)).isNotEqualTo(whole);
        CLOCK.pass(Duration.ofMinutes(2));
        assertThat(concatenate(first, second)).isNotEqualTo(whole);
    }

    private URI concatenate(URI... partials) throws Exception {
        String urls = String.join(" ", List.of(partials[0].getPath(), partials[1].getPath()));
        return location(tus.send("POST", server.uploads(), BodyPublishers.noBody(), "Upload-Concat", "final;" + urls));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x\ty", ""})
    void key_thatIsNone_isRefused(String text) throws Exception {
        HttpResponse<String> answer = tus.send(
                "POST", server.uploads(), BodyPublishers.noBody(), "Idempotency-Key", text, "Upload-Length", "1");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("INVALID_IDEMPOTENCY_KEY");
    }

    private HttpResponse<String> create(PlainTus client, String... headers) throws Exception {
        String[] all = new String[headers.length + 2];
        System.arraycopy(headers, 0, all, 0, headers.length);
        all[headers.length] = "Idempotency-Key";
        all[headers.length + 1] = once;
        return client.send("POST", server.uploads(), BodyPublishers.noBody(), all);
    }

    private static URI location(HttpResponse<String> created) {
        assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
        return server.uploads().resolve(created.headers().firstValue("Location").orElseThrow());
    }

    private static String key(String owner) {
        return server.context()
                .getBean(ApiKeys.class)
                .create(owner, Set.of(Role.UPLOAD), Limits.NONE, null, "test")
                .text();
    }
}
