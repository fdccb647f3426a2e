package dev.narwhal.conformance;

import static dev.narwhal.conformance.Item.Level.I;
import static dev.narwhal.conformance.ResponseAssert.assertThat;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies with a Content-Length over HTTP/1.1, cut into packets in every unpleasant way, on connections that go on. */
@Timeout(value = 60, unit = SECONDS)
class StraightBodyIT {

    private static TusClient tus;

    @BeforeAll
    static void server() throws IOException {
        TusServer.assumeOwn();
        tus = TusServer.client();
    }

    /** Around the sizes of the staging's buffers, and of the container's buffer for heads. */
    @ParameterizedTest
    @ValueSource(ints = {1, 63, 64, 8191, 8192, 8193, 16_384, 16_448, 65_536, 73_728, 73_729, 1_048_576, 3_000_000})
    @Item(
            value = {},
            level = I)
    @DisplayName("A body in one packet with its head and the next request")
    void body_inOnePacketWithItsHeadAndTheNextRequest(int size) throws IOException {
        byte[] content = random(size);
        URI upload = tus.create(size);
        try (RawHttp http = RawHttp.connect(upload)) {
            http.send(join(patch(upload, 0, size), content, head(upload)));

            assertThat(http.answering(tus.patch(upload, 0)).read())
                    .hasStatus(204)
                    .hasHeader("Upload-Offset", String.valueOf(size));
            assertThat(http.answering(tus.request("HEAD", upload)).read())
                    .hasStatus(200)
                    .hasHeader("Upload-Offset", String.valueOf(size));
        }
        tus.holds(upload, content);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 8192, 70_000, 1_500_000})
    @Item(
            value = {},
            level = I)
    @DisplayName("A body behind its head, in two parts, then the next body")
    void body_behindItsHead_inTwoParts_thenTheNextOne(int size) throws IOException {
        byte[] content = random(2 * size);
        URI upload = tus.create(2L * size);
        try (RawHttp http = RawHttp.connect(upload)) {
            for (int part = 0; part < 2; part++) {
                http.send(patch(upload, part * size, size));
                pause();
                http.send(slice(content, part * size, size / 2));
                pause();
                pause();
                http.send(slice(content, part * size + size / 2, size - size / 2));
                assertThat(http.answering(tus.patch(upload, 0)).read())
                        .hasStatus(204)
                        .hasHeader("Upload-Offset", String.valueOf((part + 1L) * size));
            }
        }
        tus.holds(upload, content);
    }

    /** Each wait gives buffers back; the answer and the next heads need them again. */
    @Test
    @Item(
            value = {},
            level = I)
    @DisplayName("Bodies that wait often, with other requests between them on the connection")
    void manyWaits_thenManyRequestsOnTheSameConnection() throws IOException {
        URI upload = tus.create(100);
        try (RawHttp http = RawHttp.connect(upload)) {
            for (int offset = 0; offset < 100; offset += 10) {
                http.send(patch(upload, offset, 10));
                for (int i = 0; i < 10; i++) {
                    Thread.yield();
                    http.send("x");
                }
                assertThat(http.answering(tus.patch(upload, 0)).read()).hasStatus(204);
                http.send(head(upload));
                assertThat(http.answering(tus.request("HEAD", upload)).read())
                        .hasHeader("Upload-Offset", String.valueOf(offset + 10L));
            }
        }
        tus.holds(upload, "x".repeat(100));
    }

    @Test
    @Item(
            value = {},
            level = I)
    @DisplayName("A client that ends its sending side gets an answer, and its bytes are kept")
    void clientThatEndsItsSide_getsAnAnswer_andItsBytesAreKept() throws IOException {
        URI upload = tus.create(100);
        try (RawHttp http = RawHttp.connect(upload)) {
            http.send(patch(upload, 0, 100));
            awaitOffset(http, upload, "0123456789", 10);
            http.finishSending();
            assertThat(http.answering(tus.patch(upload, 0)).read()).hasStatus(503);
            assertThat(http.isClosedByServer()).isTrue();
        }
        assertThat(tus.head(upload)).hasHeader("Upload-Offset", String.valueOf(10));
    }

    @ParameterizedTest
    @ValueSource(strings = {"final", "-1", "1x", "99999999999999999999999", ""})
    @Item(
            value = {},
            level = I)
    @DisplayName("A length that is no number gets 400")
    void lengthThatIsNoNumber_isRefused(String length) throws IOException {
        URI upload = tus.create(10);
        try (RawHttp http = RawHttp.connect(upload)) {
            http.send("PATCH " + upload.getPath() + " HTTP/1.1\r\nHost: " + upload.getAuthority()
                    + "\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\nContent-Type: application/offset+octet-stream"
                    + "\r\nContent-Length: " + length + "\r\n\r\nabc");
            assertThat(http.answering(tus.patch(upload, 0)).read())
                    .hasStatus(400)
                    .hasHeader("Tus-Resumable", "1.0.0");
        }
        assertThat(tus.offset(upload)).isZero();
    }

    @Test
    @Item(
            value = {},
            level = I)
    @DisplayName("A body without bytes is followed by the next request")
    void bodyWithoutBytes_isFollowedByTheNextRequest() throws IOException {
        URI upload = tus.create(10);
        try (RawHttp http = RawHttp.connect(upload)) {
            http.send(join(patch(upload, 0, 0), patch(upload, 0, 10), "0123456789".getBytes(ISO_8859_1)));
            assertThat(http.answering(tus.patch(upload, 0)).read())
                    .hasStatus(204)
                    .hasHeader("Upload-Offset", String.valueOf(0));
            assertThat(http.answering(tus.patch(upload, 0)).read())
                    .hasStatus(204)
                    .hasHeader("Upload-Offset", String.valueOf(10));
        }
    }

    @Test
    @Item(
            value = {},
            level = I)
    @DisplayName("A client that expects 100 gets it once, and its connection continues")
    void expectingClient_isToldOnceToGoOn_andTheConnectionContinues() throws IOException {
        URI upload = tus.create(30_000);
        byte[] content = random(30_000);
        try (RawHttp http = RawHttp.connect(upload)) {
            http.send(text(patch(upload, 0, 30_000)).replace("\r\n\r\n", "\r\nExpect: 100-continue\r\n\r\n"));
            assertThat(http.readInterim()).isEqualTo(100);
            http.send(slice(content, 0, 20_000));
            pause();
            http.send(slice(content, 20_000, 10_000)).send(head(upload));
            RawResponse patched = http.answering(tus.patch(upload, 0)).read();
            assertThat(patched).hasStatus(204).hasHeader("Upload-Offset", String.valueOf(30_000));
            assertThat(patched.interim()).isEmpty();
            assertThat(http.answering(tus.request("HEAD", upload)).read())
                    .hasHeader("Upload-Offset", String.valueOf(30_000));
        }
        tus.holds(upload, content);
    }

    @Test
    @Item(
            value = {},
            level = I)
    @DisplayName("A refused body is skipped, and the next request is answered")
    void refusedBody_isSkipped_andTheNextRequestIsAnswered() throws IOException {
        URI upload = tus.create(100_000);
        byte[] content = random(50_000);
        try (RawHttp http = RawHttp.connect(upload)) {
            http.send(join(patch(upload, 7, 50_000), content, head(upload)));
            assertThat(http.answering(tus.patch(upload, 7)).read()).hasStatus(409);
            assertThat(http.answering(tus.request("HEAD", upload)).read())
                    .hasStatus(200)
                    .hasHeader("Upload-Offset", String.valueOf(0));
        }
    }

    @Test
    @Item(
            value = {},
            level = I)
    @DisplayName("An HTTP/1.0 client uploads")
    void oldClient_uploads() throws IOException {
        URI upload = tus.create(50_000);
        byte[] content = random(50_000);
        try (RawHttp http = RawHttp.connect(upload)) {
            http.send(text(patch(upload, 0, 50_000)).replace("HTTP/1.1", "HTTP/1.0"));
            pause();
            http.send(content);
            assertThat(http.answering(tus.patch(upload, 0)).read())
                    .hasStatus(204)
                    .hasHeader("Upload-Offset", String.valueOf(50_000));
            assertThat(http.isClosedByServer()).isTrue();
        }
        tus.holds(upload, content);
    }

    @Test
    @Item(
            value = {},
            level = I)
    @DisplayName("A body that waits is taken over, and its later bytes are not taken")
    void takeover_endsABodyThatWaits_andItsLaterBytesAreNotTaken() throws IOException {
        URI upload = tus.create(100);
        try (RawHttp dead = RawHttp.connect(upload)) {
            dead.send(patch(upload, 0, 100));
            awaitOffset(dead, upload, "0123456789", 10);
            assertThat(tus.send(tus.patch(upload, 10).body("a".repeat(90)))).hasStatus(204);
            dead.sendLeniently("b".repeat(50));
        }
        tus.holds(upload, "0123456789" + "a".repeat(90));
    }

    private static void awaitOffset(RawHttp http, URI upload, String bytes, long offset) throws IOException {
        http.send(bytes);
        Awaitility.await()
                .untilAsserted(() -> assertThat(tus.head(upload)).hasHeader("Upload-Offset", String.valueOf(offset)));
    }

    /** Probably long enough for the server to wait for bytes; the result is the same if it is not. */
    private static void pause() {
        for (int i = 0; i < 20; i++) {
            Thread.yield();
        }
    }

    private static byte[] patch(URI upload, long offset, long length) {
        return ("PATCH " + upload.getRawPath() + " HTTP/1.1\r\nHost: " + upload.getAuthority()
                        + "\r\nTus-Resumable: 1.0.0\r\nContent-Type: " + TusClient.OFFSET_TYPE
                        + "\r\nUpload-Offset: " + offset + "\r\nContent-Length: " + length + "\r\n\r\n")
                .getBytes(ISO_8859_1);
    }

    private static byte[] head(URI upload) {
        return ("HEAD " + upload.getRawPath() + " HTTP/1.1\r\nHost: " + upload.getAuthority()
                        + "\r\nTus-Resumable: 1.0.0\r\n\r\n")
                .getBytes(ISO_8859_1);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, ISO_8859_1);
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    private static byte[] slice(byte[] bytes, int from, int length) {
        return java.util.Arrays.copyOfRange(bytes, from, from + length);
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            whole.writeBytes(part);
        }
        return whole.toByteArray();
    }
}
