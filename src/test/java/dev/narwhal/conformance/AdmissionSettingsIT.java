package dev.narwhal.conformance;

import static dev.narwhal.conformance.Item.Level.I;
import static dev.narwhal.conformance.ResponseAssert.assertThat;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.NarwhalProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server that has memory for some bodies over HTTP/1.1, or for one over HTTP/2, and a second for a head. */
@Tag("process")
@Timeout(value = 60, unit = SECONDS)
class AdmissionSettingsIT {

    private static final int ROOM = (1 << 20) / (40 << 10);
    private static final int LONG = 1_000_000;

    @TempDir
    private static Path dir;

    private static NarwhalProcess server;
    private static TusClient tus;

    @BeforeAll
    static void start() throws IOException {
        server = TusServer.startOwn(
                dir.resolve("data"), "--narwhal.limits.body-memory=1MB", "--narwhal.limits.head-timeout=1s");
        tus = new TusClient(server.uploads());
    }

    @AfterAll
    static void stop() throws IOException {
        if (server != null) {
            server.close();
        }
    }

    @AfterEach
    void memory_isGivenBack() {
        Awaitility.await().until(() -> server.metric("narwhal_bodies_memory_bytes") == 0);
    }

    @Test
    @Item(
            value = {},
            level = I)
    @DisplayName("A body for which there is no memory is refused with 503 and Retry-After; HEAD and creations go on")
    void body_findsNoMemory() throws Exception {
        URI upload = tus.create(LONG);
        List<RawHttp> others = new ArrayList<>();
        try {
            for (int i = 0; i < ROOM; i++) {
                URI other = tus.create(LONG);
                others.add(tus.beginPatch(other, 0, LONG).send("0123456789"));
                tus.awaitOffset(other, 10);
            }
            double refused = server.metric("narwhal_bodies_refused_total");
            try (RawHttp http = RawHttp.open(tus.patch(upload, 0).announcing(LONG))) {
                RawResponse answer = http.read();
                assertThat(answer).hasStatus(503).hasHeader("Tus-Resumable", "1.0.0");
                assertThat(answer.header("Retry-After")).isPresent();
                assertThat(answer.text()).contains("OVERLOADED");
                assertThat(http.isClosedByServer()).isTrue();
            }
            assertThat(tus.send(tus.post(3)
                            .header("Content-Type", TusClient.OFFSET_TYPE)
                            .body("abc")))
                    .hasStatus(503);
            assertThat(server.metric("narwhal_bodies_refused_total")).isEqualTo(refused + 2);
            assertThat(tus.head(upload)).isSuccess();
            assertThat(tus.send(tus.post(3).body(""))).hasStatus(201);
            assertThat(tus.delete(tus.create(3))).hasStatus(204);
        } finally {
            for (RawHttp other : others) {
                other.close();
            }
        }
        memory_isGivenBack();
        assertThat(tus.send(tus.patch(upload, 0).body("abc"))).hasStatus(204);
    }

    @Test
    @Item(
            value = {},
            level = I)
    @DisplayName("Over HTTP/2 a body without memory is refused with 503 and a reset, its connection and HEAD go on")
    void stream_findsNoMemory() throws Exception {
        URI first = tus.create(LONG);
        URI second = tus.create(LONG);
        try (Http2Connection http = Http2Connection.open(first)) {
            Http2Stream held = http.begin(tus.patch(first, 0).announcing(10)).send("01234");
            tus.awaitOffset(first, 5);
            Http2Stream refused =
                    http.begin(tus.patch(second, 0).announcing(LONG)).sendLeniently(new byte[50_000]);
            RawResponse answer = refused.read();
            assertThat(answer).hasStatus(503);
            assertThat(answer.header("Retry-After")).isPresent();
            assertThat(refused.awaitReset()).isZero();
            // All of it has come before it is refused: that is no empty body.
            assertThat(http.exchange(tus.patch(second, 0).body("abc"))).hasStatus(503);
            assertThat(http.exchange(tus.request("HEAD", second))).isSuccess();
            assertThat(http.begin(tus.request("HEAD", second))
                            .sendLeniently(new byte[10])
                            .read())
                    .isSuccess();
            assertThat(held.send("56789").finish().read()).hasStatus(204);
            memory_isGivenBack();
            assertThat(http.exchange(tus.patch(second, 0).body("abc"))).hasStatus(204);
        }
    }

    @Test
    @Item(
            value = {},
            level = I)
    @DisplayName("Streams that are reset, and connections that are lost, give their memory back")
    void streams_areGivenUp() throws Exception {
        try (Http2Connection http = Http2Connection.open(tus.creationUrl())) {
            // Few: a flood of resets would end the connection.
            for (int i = 0; i < 2; i++) {
                begin(http, tus.create(LONG)).reset();
                memory_isGivenBack();
            }
            assertThat(begin(http, tus.missing()).read()).hasStatus(404);
            memory_isGivenBack();
            URI lost = tus.create(LONG);
            begin(http, lost);
            tus.awaitOffset(lost, 10);
            http.breakOff();
        }
        memory_isGivenBack();
    }

    private static Http2Stream begin(Http2Connection http, URI upload) throws IOException {
        return http.begin(tus.patch(upload, 0).announcing(LONG)).sendLeniently("0123456789".getBytes(US_ASCII));
    }

    @Test
    @Item(
            value = {},
            level = I)
    @DisplayName("A client that floods a stream with empty frames is disconnected")
    void stream_isFlooded() throws Exception {
        URI upload = tus.create(LONG);
        try (Http2Connection http = Http2Connection.open(upload)) {
            Http2Stream stream = http.begin(tus.patch(upload, 0).announcing(LONG));
            Awaitility.await().pollInterval(Duration.ofMillis(10)).until(() -> {
                try {
                    http.frame(Http2Connection.Frame.DATA, 0, stream.id(), new byte[0]);
                } catch (IOException e) {
                    // The end of the connection is what is waited for.
                }
                return http.isEnded();
            });
        }
    }

    @Test
    @Item(
            value = {},
            level = I)
    @DisplayName("A head that comes byte by byte is cut off")
    void head_isSlow() throws IOException {
        try (RawHttp http = RawHttp.connect(tus.creationUrl())) {
            http.send("OPTIONS /files HTTP/1.1\r\nHost: localhost\r\nX-Slow: ");
            Awaitility.await().until(() -> {
                try {
                    http.send("x");
                    return false;
                } catch (IOException e) {
                    return true;
                }
            });
        }
    }

    @Test
    @Item(
            value = {},
            level = I)
    @DisplayName("A head that is too large is refused with 431 and the limit")
    void head_isTooLarge() throws IOException {
        RawResponse large =
                tus.send(tus.post(3).header("X-Large", "x".repeat(33 << 10)).body(""));
        assertThat(large).hasStatus(431).hasHeader("Tus-Resumable", "1.0.0");
        assertThat(large.text()).contains("HEAD_TOO_LARGE", "16384 bytes");
        RawRequest many = tus.post(3);
        for (int i = 0; i < 101; i++) {
            many = many.header("X-" + i, "x");
        }
        RawResponse answer = tus.send(many.body(""));
        assertThat(answer).hasStatus(431);
        assertThat(answer.text()).contains("100 headers");
    }

    @Test
    @Item(
            value = {},
            level = I)
    @DisplayName("A form is no upload: 415 or 404 with our headers, and nothing of it is read")
    void form_isRefusedUnread() throws IOException {
        String form = "application/x-www-form-urlencoded";
        URI upload = tus.create(10);
        RawRequest patch = tus.patch(upload, 0).with("Content-Type", form);
        assertThat(tus.send(patch.body("a=%zz"))).hasStatus(415).hasHeader("Tus-Resumable", "1.0.0");
        try (RawHttp http = RawHttp.open(patch.header("Expect", "100-continue").announcing(LONG))) {
            assertThat(http.read()).hasStatus(415);
        }
        RawRequest missing = tus.patch(tus.missing(), 0).with("Content-Type", form);
        assertThat(tus.send(missing.body("a=%zz"))).hasStatus(404).hasHeader("Tus-Resumable", "1.0.0");
        RawRequest delete = tus.request("DELETE", upload).header("Content-Type", form);
        assertThat(tus.send(delete.body("c=%zz"))).hasStatus(204);
    }
}
