package dev.narwhal.conformance;

import static dev.narwhal.conformance.Item.Level.I;
import static dev.narwhal.conformance.ResponseAssert.assertThat;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.NarwhalProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** HTTP/2 of a server that waits at most 2 seconds for the next byte. */
@Tag("process")
@Timeout(value = 60, unit = SECONDS)
class Http2SettingsIT {

    private static final Duration SILENCE = Duration.ofSeconds(2);

    @TempDir
    private static Path dir;

    private static NarwhalProcess server;
    private static TusClient tus;

    @BeforeAll
    static void start() throws IOException {
        server = TusServer.startOwn(
                dir.resolve("data"),
                "--narwhal.upload.body-timeout=" + SILENCE.toMillis() + "ms",
                "--narwhal.upload.minimum-rate=0",
                "--narwhal.tus.http2-window=512KB");
        tus = new TusClient(server.uploads());
    }

    @AfterAll
    static void stop() throws IOException {
        if (server != null) {
            server.close();
        }
    }

    @Test
    @Item(
            value = {},
            level = I)
    @DisplayName("A silent HTTP/2 stream is cut off, its bytes are kept; the connection's others go on")
    void stream_isSilent() throws IOException {
        URI silent = tus.create(100);
        URI lively = tus.create(100);
        try (Http2Connection http = Http2Connection.open(silent)) {
            Http2Stream cut = begin(http, silent).send("0123456789");
            Http2Stream slow = begin(http, lively);
            int sent = 0;
            while (!cut.isOverWithin(SILENCE.dividedBy(2)) && sent < 60) {
                slow.send("x".repeat(10));
                sent += 10;
                tus.awaitOffset(lively, sent);
            }
            assertThat(cut.readIfAny().filter(RawResponse::isSuccess)).isEmpty();
            assertThat(tus.offset(silent)).isEqualTo(10);
            assertThat(http.exchange(tus.patch(silent, 10).body("y".repeat(90))))
                    .hasStatus(204);
            assertThat(slow.send("x".repeat(100 - sent)).finish().read()).hasStatus(204);
        }
    }

    @Test
    @Item(
            value = {},
            level = I)
    @DisplayName("The window is as it is set, and a connection has room for many streams that wait")
    void window_isAsSet() throws IOException {
        try (Http2Connection http = Http2Connection.open(tus.creationUrl())) {
            assertThat(http.exchange(tus.request("HEAD", tus.create(1)))).isSuccess();
            assertThat(http.streamWindow()).isEqualTo(512 << 10);
            assertThat(http.window()).isGreaterThanOrEqualTo(20 * http.streamWindow());
        }
    }

    @Test
    @Item(
            value = {},
            level = I)
    @DisplayName("A request without a body that asks for HTTP/2 is answered over HTTP/2")
    void upgrade_isGranted() throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<Void> answer = http.send(
                    HttpRequest.newBuilder(tus.create(3))
                            .header("Tus-Resumable", "1.0.0")
                            .HEAD()
                            .build(),
                    BodyHandlers.discarding());
            assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(answer.headers().firstValue("Upload-Offset")).hasValue("0");
        }
    }

    private static Http2Stream begin(Http2Connection http, URI upload) throws IOException {
        Http2Stream stream =
                http.begin(tus.patch(upload, 0).header("Expect", "100-continue").announcing(100));
        stream.awaitContinue();
        return stream;
    }
}
