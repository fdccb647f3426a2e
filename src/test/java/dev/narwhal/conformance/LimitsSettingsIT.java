package dev.narwhal.conformance;

import static dev.narwhal.conformance.Item.Level.I;
import static dev.narwhal.conformance.Item.Level.M;
import static dev.narwhal.conformance.Item.Level.S;
import static dev.narwhal.conformance.ResponseAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.NarwhalProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that takes at most 1,000 bytes an upload, waits at most 2 seconds for the next byte, and serves nothing. */
@Tag("process")
class LimitsSettingsIT {

    private static final Duration SILENCE = Duration.ofSeconds(2);

    @TempDir
    private static Path dir;

    private static NarwhalProcess server;
    private static TusClient tus;

    @BeforeAll
    static void start() throws IOException {
        server = TusServer.startOwn(
                dir.resolve("data"),
                "--narwhal.upload.max-size=1000B",
                "--narwhal.upload.body-timeout=" + SILENCE.toMillis() + "ms",
                "--narwhal.upload.minimum-rate=0",
                "--narwhal.download.enabled=false");
        tus = new TusClient(server.uploads());
    }

    @AfterAll
    static void stop() throws IOException {
        if (server != null) {
            server.close();
        }
    }

    @Test
    @Item(value = 9, level = S)
    @DisplayName("T9 OPTIONS tells the largest size")
    void t9_options_tellsTheMaxSize() throws IOException {
        assertThat(tus.send(RawRequest.of("OPTIONS", tus.creationUrl()))).hasHeader("Tus-Max-Size", "1000");
    }

    @Test
    @Item(value = 66, level = M)
    @DisplayName("T66 A creation beyond the largest size is refused with 413")
    void t66_creation_beyondTheMaxSize() throws IOException {
        assertThat(tus.send(tus.post(1001).body(""))).hasStatus(413).hasNoHeader("Location");
        assertThat(tus.send(tus.post(Long.MAX_VALUE).body(""))).hasStatus(413);
        assertThat(tus.send(tus.post(1000).body(""))).hasStatus(201);
    }

    @Test
    @Item(value = 104, level = S)
    @DisplayName("T104 A creation beyond the largest size is not told to send its body")
    void t104_creation_beyondTheMaxSizeWithABody() throws IOException {
        RawRequest creation =
                tus.post(1001).header("Content-Type", TusClient.OFFSET_TYPE).header("Expect", "100-continue");
        assertThat(tus.send(creation.announcing(1001))).hasStatus(413).cameWithoutContinue();
    }

    @Test
    @Item(value = 92, level = I)
    @DisplayName("T92 D3 A later length beyond the largest size is refused with 413, and changes nothing")
    void t92_patch_lengthBeyondTheMaxSize() throws IOException {
        URI upload = tus.createDeferred();
        assertThat(tus.send(tus.patch(upload, 0).header("Upload-Length", "1001").body("abc")))
                .hasStatus(413);
        assertThat(tus.head(upload)).hasHeader("Upload-Defer-Length", "1").hasHeader("Upload-Offset", "0");
        assertThat(tus.send(tus.patch(upload, 0).header("Upload-Length", "1000").body("abc")))
                .hasStatus(204);
    }

    @Test
    @Item(value = 94, level = I)
    @DisplayName("T94 D4 An upload of unknown length ends at the largest size, and its client is told")
    void t94_patch_streamsBeyondTheMaxSize() throws IOException {
        URI upload = tus.createDeferred();
        tus.append(upload, 0, "x".repeat(600));
        assertThat(tus.send(tus.patch(upload, 600).body("y".repeat(401)))).hasStatus(413);
        assertThat(tus.offset(upload)).isEqualTo(600);
        assertThat(tus.send(tus.patch(upload, 600).chunked("y".repeat(300), "y".repeat(101))))
                .hasStatus(413);
        long offset = tus.offset(upload);
        assertThat(offset).isBetween(600L, 1000L);
        assertThat(tus.send(tus.patch(upload, offset).chunked("z".repeat(401)))).hasStatus(413);
        assertThat(tus.offset(upload)).isLessThanOrEqualTo(1000);
    }

    @Test
    @Item(value = 101, level = I)
    @DisplayName("T101 A creation of unknown length whose body passes the largest size is refused with 413")
    void t101_creation_streamsBeyondTheMaxSize() throws IOException {
        RawRequest creation = tus.postDeferred().header("Content-Type", TusClient.OFFSET_TYPE);
        assertThat(tus.send(creation.body("x".repeat(1001)))).hasStatus(413).hasNoHeader("Location");
        RawResponse answer = tus.send(creation.chunked("x".repeat(1001)));
        assertThat(answer).hasStatus(413);
        if (answer.header("Location").isPresent()) {
            assertThat(tus.offset(answer.location(tus.creationUrl()))).isLessThanOrEqualTo(1000);
        }
    }

    @Test
    @Item(value = 46, level = S)
    @DisplayName("T46 D31 A silent client is cut off; its bytes are kept, and no success is claimed")
    void t46_client_isSilent() throws IOException {
        URI upload = tus.create(100);
        try (RawHttp http = tus.beginPatch(upload, 0, 100).send("0123456789")) {
            long begin = System.nanoTime();
            assertThat(http.read()).hasStatus(503).hasHeader("Tus-Resumable", "1.0.0");
            assertThat(http.isClosedByServer()).as("the connection is closed").isTrue();
            assertThat(Duration.ofNanos(System.nanoTime() - begin))
                    .isBetween(SILENCE.dividedBy(2), SILENCE.multipliedBy(4));
        }
        assertThat(tus.offset(upload)).isEqualTo(10);
        tus.append(upload, 10, "x".repeat(90));
    }

    @Test
    @Item(value = 48, level = I)
    @DisplayName("T48 A client that falls silent within a chunk is cut off without a success; its bytes are kept")
    void t48_client_isSilentWithinAChunk() throws IOException {
        URI upload = tus.create(100);
        try (RawHttp http = RawHttp.open(tus.patch(upload, 0).announcingChunks())) {
            http.send("a\r\n01234");
            assertThat(http.read()).hasStatus(503).hasHeader("Tus-Resumable", "1.0.0");
            assertThat(http.isClosedByServer()).as("the connection is closed").isTrue();
        }
        assertThat(tus.offset(upload)).isEqualTo(5);
        tus.append(upload, 5, "x".repeat(95));
    }

    @Test
    @Item(value = 46, level = S)
    @DisplayName("T46 A client that is slow but not silent is served")
    void t46_client_isSlow() throws IOException {
        URI upload = tus.create(4);
        try (RawHttp http = tus.beginPatch(upload, 0, 4)) {
            for (String piece : new String[] {"a", "b", "c"}) {
                http.send(piece);
                assertThat(http.isSilentFor(SILENCE.dividedBy(2))).isTrue();
            }
            assertThat(http.send("d").read()).hasStatus(204).hasHeader("Upload-Offset", "4");
        }
    }

    @Test
    @Item(
            value = {},
            level = I)
    @DisplayName("Where downloads are off a GET is refused, whatever the upload's state")
    void get_whereDownloadsAreOff() throws IOException {
        assertThat(tus.get(tus.finished("abc"))).hasStatus(403, 404, 405);
        assertThat(tus.get(tus.create(3))).hasStatus(403, 404, 405);
    }

    @Test
    @Item(value = 126, level = I)
    @DisplayName("T126 A silent client's body that has a checksum leaves nothing")
    void t126_patch_silentWithAChecksum() throws IOException {
        for (String header : new String[] {"Upload-Checksum", "Trailer"}) {
            URI upload = tus.create(5);
            String value = header.equals("Trailer") ? "Upload-Checksum" : Digests.sha1("hello");
            try (RawHttp http =
                    RawHttp.open(tus.patch(upload, 0).header(header, value).announcing(5))) {
                assertThat(http.send("hell").read()).isNoSuccess();
            }
            assertThat(tus.offset(upload)).isZero();
            tus.append(upload, 0, "hello");
        }
    }
}
