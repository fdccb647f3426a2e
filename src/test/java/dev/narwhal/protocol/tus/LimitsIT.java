package dev.narwhal.protocol.tus;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.access.ApiKeys;
import dev.narwhal.access.Limits;
import dev.narwhal.access.Role;
import dev.narwhal.access.limits.Scope;
import dev.narwhal.access.limits.Usage;
import dev.narwhal.access.limits.UsageRepository;
import dev.narwhal.testkit.HandFedPatch;
import dev.narwhal.testkit.PlainTus;
import dev.narwhal.testkit.ServerInProcess;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What clients are told when a limit of their key or their owner is reached. */
class LimitsIT {

    private static final int KB = 1 << 10;

    @TempDir
    static Path dir;

    private static ServerInProcess server;
    private static ApiKeys keys;

    private final String owner = "ann " + UUID.randomUUID();

    @BeforeAll
    static void start() {
        server = ServerInProcess.start(
                dir.resolve("data"),
                "--narwhal.access.mode=closed",
                "--narwhal.limits.owner.staged-bytes=1MB",
                "--narwhal.limits.owner.active-uploads=20",
                "--narwhal.upload.minimum-rate=100KB",
                "--narwhal.upload.body-timeout=1s");
        keys = server.context().getBean(ApiKeys.class);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private String key(Limits limits) {
        return keys.create(owner, EnumSet.of(Role.UPLOAD, Role.READ), limits, null, "machine")
                .text();
    }

    private static Limits limits(@Nullable Long staged, @Nullable Long active, @Nullable Long size) {
        return new Limits(staged, active, size, null, null, null);
    }

    private static void refused(HttpResponse<String> answer, int status, String code, @Nullable String retryAfter) {
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).contains('"' + code + '"');
        assertThat(answer.headers().firstValue("Retry-After").orElse(null)).isEqualTo(retryAfter);
    }

    @Test
    void stagedBytes_areRefusedAtTheEdge_andGivenBack() throws Exception {
        PlainTus ann = PlainTus.with(key(Limits.NONE));
        URI first = ann.create(server.uploads(), 600 * KB, "a");
        ann.create(server.uploads(), 424 * KB, "b");

        refused(ann.tryCreate(server.uploads(), 1, "c"), 503, "STAGED_BYTES_USED", "30");
        refused(ann.tryCreate(server.uploads(), 1025 * KB, "c"), 413, "UPLOAD_OVER_LIMIT", null);

        assertThat(ann.offset(first)).as("HEAD is not concerned").isZero();
        assertThat(ann.delete(first).statusCode()).isEqualTo(204);
        ann.create(server.uploads(), 600 * KB, "c");
    }

    @Test
    void deliveredUpload_isNotCountedAnyMore() throws Exception {
        PlainTus ann = PlainTus.with(key(Limits.NONE));
        ann.create(server.uploads(), 5, "filename YQ==", "hello".getBytes(UTF_8));

        Awaitility.await().untilAsserted(() -> assertThat(use()).isEqualTo(Usage.NONE));
    }

    private Usage use() {
        return server.context().getBean(UsageRepository.class).find(Scope.OWNER, owner);
    }

    @Test
    void creationWithABody_isRefusedBeforeItsBody() throws Exception {
        PlainTus ann = PlainTus.with(key(limits(4L, null, null)));

        HttpResponse<String> refused = ann.send(
                "POST",
                server.uploads(),
                BodyPublishers.ofString("hello"),
                "Upload-Length",
                "5",
                "Content-Type",
                "application/offset+octet-stream");

        refused(refused, 413, "UPLOAD_OVER_LIMIT", null);
        assertThat(refused.headers().firstValue("Location")).isEmpty();
        assertThat(use()).isEqualTo(Usage.NONE);
    }

    @Test
    void activeUploads_andTheirSize_areLimited() throws Exception {
        PlainTus ann = PlainTus.with(key(limits(null, 1L, 10L)));

        refused(ann.tryCreate(server.uploads(), 11, "a"), 413, "UPLOAD_OVER_LIMIT", null);
        URI upload = ann.create(server.uploads(), 10, "a");
        refused(ann.tryCreate(server.uploads(), 1, "b"), 503, "ACTIVE_UPLOADS_USED", "30");
        assertThat(ann.patch(upload, 0, new byte[10]).statusCode()).isEqualTo(204);
        ann.create(server.uploads(), 1, "b");

        refused(
                PlainTus.with(key(limits(null, 0L, null))).tryCreate(server.uploads(), 1, "c"),
                403,
                "CREATION_FORBIDDEN",
                null);
    }

    @Test
    void deferredUpload_getsWhatIsLeft() throws Exception {
        PlainTus ann = PlainTus.with(key(limits(10L, null, null)));
        HttpResponse<String> created =
                ann.send("POST", server.uploads(), BodyPublishers.noBody(), "Upload-Defer-Length", "1");
        URI upload = server.uploads()
                .resolve(created.headers().firstValue("Location").orElseThrow());

        assertThat(ann.patch(upload, 0, new byte[11]).statusCode()).isEqualTo(413);
        assertThat(ann.offset(upload)).isEqualTo(10);
        refused(ann.patch(upload, 10, new byte[1]), 503, "STAGED_BYTES_USED", "30");
        assertThat(use()).isEqualTo(new Usage(10, 1));
    }

    @Test
    void requests_postAndPatchGet503_headGets423() throws Exception {
        PlainTus ann = PlainTus.with(key(new Limits(null, null, null, null, 1L, null)));
        URI nothing = URI.create(server.uploads() + "/0123456789abcdef0123456789abcdef");

        // Whatever the machine does meanwhile: within some requests one exceeds the rate.
        HttpResponse<String> refused = until(503, () -> ann.patch(nothing, 0, new byte[1]));
        refused(refused, 503, "TOO_MANY_REQUESTS", "1");
        HttpResponse<String> head = until(423, () -> ann.head(nothing));
        assertThat(head.headers().firstValue("Retry-After")).hasValue("1");
        assertThat(until(503, () -> ann.tryCreate(server.uploads(), 1, "a")).body())
                .contains("TOO_MANY_REQUESTS");
    }

    private interface Call {
        HttpResponse<String> send() throws Exception;
    }

    private static HttpResponse<String> until(int status, Call call) throws Exception {
        for (int i = 0; i < 500; i++) {
            HttpResponse<String> answer = call.send();
            if (answer.statusCode() == status) {
                return answer;
            }
        }
        throw new AssertionError("None of 500 requests got " + status);
    }

    @Test
    void creations_areShedFirst() throws Exception {
        PlainTus ann = PlainTus.with(key(new Limits(null, null, null, 1L, null, null)));

        refused(until(503, () -> ann.tryCreate(server.uploads(), 0, "a")), 503, "TOO_MANY_CREATIONS", "1");
    }

    @Test
    void refusedRequest_isNotToldToGoOn() throws Exception {
        String key = key(new Limits(null, null, null, null, 1L, null));
        URI nothing = URI.create(server.uploads() + "/0123456789abcdef0123456789abcdef");
        var unused = until(503, () -> PlainTus.with(key).patch(nothing, 0, new byte[1]));

        for (int i = 0; i < 500; i++) {
            try (HandFedPatch patch = HandFedPatch.begin(nothing, 0, 5, "Expect: 100-continue", "X-Api-Key: " + key)) {
                int status = patch.status();
                assertThat(status).isIn(404, 503);
                if (status == 503) {
                    return;
                }
            }
        }
        throw new AssertionError("None of 500 requests was refused");
    }

    /** With 4 KB a second, and a server that cuts bodies slower than 100 KB a second, or silent for a second. */
    @Test
    void throttledBody_isNotCut_andLetsGoAtOnce() throws Exception {
        String key = key(new Limits(null, null, null, null, null, 4L * KB));
        PlainTus ann = PlainTus.with(key);
        URI upload = ann.create(server.uploads(), 200 * KB, "a");
        try (HandFedPatch slow = HandFedPatch.begin(upload, 0, 200 * KB, "X-Api-Key: " + key)) {
            slow.send(new byte[100 * KB]);
            // Long enough for both limits to cut it, if the wait were the client's.
            Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> ann.offset(upload) >= 16 * KB);

            long before = ann.offset(upload);
            PlainTus other = PlainTus.with(key(Limits.NONE));
            HttpResponse<String> taken = other.patch(upload, before, new byte[0]);

            assertThat(taken.statusCode()).isIn(204, 423);
            assertThat(slow.status()).isEqualTo(423);
        }
        assertThat(ann.offset(upload)).isBetween(16L * KB, 100L * KB);
    }

    @Test
    void anotherOwner_isNotConcerned() throws Exception {
        PlainTus ann = PlainTus.with(key(Limits.NONE));
        ann.create(server.uploads(), 1024 * KB, "a");
        refused(ann.tryCreate(server.uploads(), 1, "b"), 503, "STAGED_BYTES_USED", "30");

        String ben = keys.create("ben " + owner, Set.of(Role.UPLOAD), Limits.NONE, null, "machine")
                .text();
        PlainTus.with(ben).create(server.uploads(), 1024 * KB, "a");
    }
}
