package dev.narwhal.conformance;

import static dev.narwhal.conformance.Item.Level.I;
import static dev.narwhal.conformance.ResponseAssert.assertThat;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same uploads over HTTP/2 without TLS: whole, cut off, refused, and many on one connection. */
@Timeout(value = 60, unit = SECONDS)
class Http2IT {

    private static final int NO_ERROR = 0;

    private final TusClient tus = TusServer.client();

    /** Whether another server speaks HTTP/2 without TLS is its own affair. */
    @BeforeAll
    static void requireOwn() {
        TusServer.assumeOwn();
    }

    @Test
    @Item(
            value = {},
            level = I)
    @DisplayName("An upload's whole life over one HTTP/2 connection")
    void http2_carriesEveryMethod() throws IOException {
        byte[] content = random(3_000_000);
        try (Http2Connection http = Http2Connection.open(tus.creationUrl())) {
            RawResponse options = http.exchange(RawRequest.of("OPTIONS", tus.creationUrl()));
            assertThat(options).hasStatus(204).hasHeader("Tus-Version", "1.0.0");
            RawResponse created = http.exchange(tus.post(content.length));
            assertThat(created).hasStatus(201);
            URI upload = created.location(tus.creationUrl());
            assertThat(http.exchange(tus.request("HEAD", upload))).isSuccess().hasHeader("Upload-Offset", "0");
            assertThat(http.exchange(tus.patch(upload, 0).body(Arrays.copyOf(content, 1_000_000))))
                    .hasStatus(204)
                    .hasHeader("Upload-Offset", "1000000");
            byte[] rest = Arrays.copyOfRange(content, 1_000_000, content.length);
            assertThat(http.exchange(tus.patch(upload, 1_000_000).chunked(rest)))
                    .hasStatus(204)
                    .hasHeader("Upload-Offset", "3000000");
            assertThat(http.exchange(RawRequest.of("GET", upload)).body()).isEqualTo(content);
            assertThat(http.exchange(tus.request("DELETE", upload))).hasStatus(204);
            assertThat(http.exchange(tus.request("HEAD", upload)))
                    .hasStatus(404, 410)
                    .hasNoHeader("Upload-Offset")
                    .hasNoBody();
        }
    }

    @Test
    @Item(
            value = {},
            level = I)
    @DisplayName("Creations with a body and bodies without bytes over HTTP/2")
    void http2_carriesShortBodies() throws IOException {
        try (Http2Connection http = Http2Connection.open(tus.creationUrl())) {
            RawRequest creation = tus.post(5).header("Content-Type", TusClient.OFFSET_TYPE);
            assertThat(http.exchange(creation.chunked("abc"))).hasStatus(201).hasHeader("Upload-Offset", "3");
            RawResponse empty = http.exchange(creation);
            assertThat(empty).hasStatus(201).hasHeader("Upload-Offset", "0");
            URI upload = empty.location(tus.creationUrl());
            assertThat(http.exchange(tus.patch(upload, 0))).hasStatus(204).hasHeader("Upload-Offset", "0");
            assertThat(http.begin(tus.patch(upload, 0)).finish().read())
                    .hasStatus(204)
                    .hasHeader("Upload-Offset", "0");
            assertThat(http.exchange(tus.post(0))).hasStatus(201).hasHeader("Upload-Offset", "0");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Item(
            value = {},
            level = I)
    @DisplayName("A stream that its client resets leaves what came, and the connection goes on")
    void stream_isReset(boolean announced) throws IOException {
        byte[] content = random(1_000_000);
        URI upload = tus.create(content.length);
        try (Http2Connection http = Http2Connection.open(upload)) {
            for (int offset = 0; offset < 900_000; offset += 300_000) {
                Http2Stream stream = begin(http, upload, offset, announced ? content.length - offset : -1);
                stream.send(Arrays.copyOfRange(content, offset, offset + 300_000))
                        .reset();
                tus.awaitOffset(upload, offset + 300_000);
            }
            assertThat(http.exchange(tus.patch(upload, 900_000).body(Arrays.copyOfRange(content, 900_000, 1_000_000))))
                    .hasStatus(204);
        }
        assertThat(tus.download(upload)).isEqualTo(content);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Item(
            value = {},
            level = I)
    @DisplayName("A lost HTTP/2 connection leaves what came, and the upload is free")
    void connection_isLost(boolean announced) throws IOException {
        byte[] content = random(100_000);
        URI upload = tus.create(content.length);
        try (Http2Connection http = Http2Connection.open(upload)) {
            begin(http, upload, 0, announced ? content.length : -1).send(Arrays.copyOf(content, 34_567));
            tus.awaitOffset(upload, 34_567);
            http.breakOff();
        }
        tus.append(upload, 34_567, Arrays.copyOfRange(content, 34_567, content.length));
        assertThat(tus.download(upload)).isEqualTo(content);
    }

    @Test
    @Item(
            value = {},
            level = I)
    @DisplayName("A PATCH takes over from a silent HTTP/2 stream, over another connection and over the same one")
    void patch_takesOverFromASilentStream() throws IOException {
        URI upload = tus.create(90);
        try (Http2Connection dead = Http2Connection.open(upload);
                Http2Connection alive = Http2Connection.open(upload)) {
            Http2Stream silent = begin(dead, upload, 0, 90).send("x".repeat(30));
            tus.awaitOffset(upload, 30);
            Http2Stream second = begin(alive, upload, 30, 60).send("y".repeat(30));
            tus.awaitOffset(upload, 60);
            assertThat(alive.exchange(tus.patch(upload, 60).body("z".repeat(30))))
                    .hasStatus(204)
                    .hasHeader("Upload-Offset", "90");
            assertThat(silent.sendLeniently("!".repeat(10).getBytes())
                            .readIfAny()
                            .filter(RawResponse::isSuccess))
                    .isEmpty();
            assertThat(second.sendLeniently("!".repeat(10).getBytes())
                            .readIfAny()
                            .filter(RawResponse::isSuccess))
                    .isEmpty();
        }
        assertThat(tus.download(upload)).asString().isEqualTo("x".repeat(30) + "y".repeat(30) + "z".repeat(30));
    }

    @Test
    @Item(
            value = {},
            level = I)
    @DisplayName("Over HTTP/2, too, only a body that is accepted is asked for")
    void expectation_isMetOrRefused() throws IOException {
        URI upload = tus.create(3);
        RawRequest patch = tus.patch(upload, 0).header("Expect", "100-continue").announcing(3);
        try (Http2Connection http = Http2Connection.open(upload)) {
            assertThat(http.begin(patch.with("Upload-Offset", "1")).read())
                    .hasStatus(409)
                    .cameWithoutContinue();
            Http2Stream accepted = http.begin(patch);
            accepted.awaitContinue();
            assertThat(accepted.send("abc").finish().read()).hasStatus(204);
        }
    }

    @Test
    @Item(
            value = {},
            level = I)
    @DisplayName("A large body is refused before it comes; the stream is reset, and the connection goes on")
    void refusal_leavesTheConnection() throws IOException {
        URI upload = tus.create(50_000_000);
        try (Http2Connection http = Http2Connection.open(upload)) {
            Http2Stream living = begin(http, upload, 0, 50_000_000).send(new byte[1000]);
            tus.awaitOffset(upload, 1000);
            List<Http2Stream> refused = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                refused.add(http.begin(tus.patch(tus.missing(), 0).announcing(50_000_000)));
                refused.add(http.begin(tus.patch(upload, 0).with("Content-Type", "text/plain")));
            }
            for (Http2Stream stream : refused) {
                assertThat(stream.read()).hasStatus(404, 415);
                assertThat(stream.awaitReset()).isEqualTo(NO_ERROR);
            }
            living.send(new byte[5_000_000]);
            tus.awaitOffset(upload, 5_001_000);
        }
    }

    @Test
    @Item(
            value = {},
            level = I)
    @DisplayName("The bytes of refused bodies are not counted against the connection")
    void refusedBytes_areGivenBack() throws IOException {
        byte[] content = random(4_000_000);
        URI upload = tus.create(content.length);
        try (Http2Connection http = Http2Connection.open(upload)) {
            long room = http.window();
            for (long sent = 0; sent < 2 * room && sent < 100_000_000; sent += content.length) {
                assertThat(http.exchange(tus.patch(upload, 7).body(content))).hasStatus(409);
            }
            assertThat(http.exchange(tus.patch(upload, 0).body(content))).hasStatus(204);
        }
        assertThat(tus.download(upload)).isEqualTo(content);
    }

    @Test
    @Item(
            value = {},
            level = I)
    @DisplayName("Twenty uploads on one connection, of which one stands still")
    void uploads_areIndependent() throws IOException {
        byte[] content = random(600_000);
        try (Http2Connection http = Http2Connection.open(tus.creationUrl())) {
            URI stalled = tus.create(content.length);
            Http2Stream still = begin(http, stalled, 0, content.length).send(Arrays.copyOf(content, 100_000));
            List<URI> uploads = new ArrayList<>();
            List<Http2Stream> streams = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                uploads.add(tus.create(content.length));
                streams.add(begin(http, uploads.get(i), 0, content.length));
            }
            for (int from = 0; from < content.length; from += 100_000) {
                for (Http2Stream stream : streams) {
                    stream.send(Arrays.copyOfRange(content, from, from + 100_000));
                }
            }
            for (int i = 0; i < 20; i++) {
                assertThat(streams.get(i).finish().read()).hasStatus(204);
                assertThat(tus.download(uploads.get(i))).isEqualTo(content);
            }
            still.send(Arrays.copyOfRange(content, 100_000, content.length));
            assertThat(still.finish().read()).hasStatus(204);
            assertThat(tus.download(stalled)).isEqualTo(content);
        }
    }

    @Test
    @Item(
            value = {},
            level = I)
    @DisplayName("A slow line's small frames are no attack")
    void frames_areSmall() throws IOException {
        URI upload = tus.create(500);
        try (Http2Connection http = Http2Connection.open(upload)) {
            Http2Stream stream = begin(http, upload, 0, 500);
            for (int i = 0; i < 500; i++) {
                stream.send("x");
            }
            assertThat(stream.finish().read()).hasStatus(204).hasHeader("Upload-Offset", "500");
        }
    }

    @Test
    @Item(
            value = {},
            level = I)
    @DisplayName("A body without Content-Length that is too long is answered 413 over HTTP/2")
    void body_isTooLong() throws IOException {
        URI upload = tus.create(1000);
        try (Http2Connection http = Http2Connection.open(upload)) {
            assertThat(http.exchange(tus.patch(upload, 0).chunked(new byte[1000], new byte[1000])))
                    .hasStatus(413);
            assertThat(http.exchange(tus.request("HEAD", upload))).isSuccess();
        }
        assertThat(tus.offset(upload)).isIn(0L, 1000L);
    }

    @Test
    @Item(
            value = {},
            level = I)
    @DisplayName("A client that asks for the change to HTTP/2 gets it, or is served over HTTP/1.1, with any body")
    void upgrade_isOffered() throws Exception {
        byte[] content = random(1_000_000);
        URI upload = tus.create(content.length);
        assertThat(HttpClient.newHttpClient().version()).isEqualTo(HttpClient.Version.HTTP_2);
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<Void> patched = http.send(
                    HttpRequest.newBuilder(upload)
                            .header("Tus-Resumable", "1.0.0")
                            .header("Upload-Offset", "0")
                            .header("Content-Type", TusClient.OFFSET_TYPE)
                            .method("PATCH", BodyPublishers.ofByteArray(content))
                            .build(),
                    BodyHandlers.discarding());
            assertThat(patched.statusCode()).isEqualTo(204);
        }
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<byte[]> got = http.send(HttpRequest.newBuilder(upload).build(), BodyHandlers.ofByteArray());
            assertThat(got.body()).isEqualTo(content);
        }
    }

    /** A PATCH that the server has begun to read. */
    private Http2Stream begin(Http2Connection http, URI upload, long offset, long announced) throws IOException {
        RawRequest patch = tus.patch(upload, offset).header("Expect", "100-continue");
        Http2Stream stream = http.begin(announced < 0 ? patch : patch.announcing(announced));
        stream.awaitContinue();
        return stream;
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }
}
