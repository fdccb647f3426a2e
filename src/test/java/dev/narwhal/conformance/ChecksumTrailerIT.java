package dev.narwhal.conformance;

import static dev.narwhal.conformance.Digests.checksum;
import static dev.narwhal.conformance.Digests.sha1;
import static dev.narwhal.conformance.Item.Level.I;
import static dev.narwhal.conformance.Item.Level.M;
import static dev.narwhal.conformance.ResponseAssert.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Section J: checksums that follow the body. */
class ChecksumTrailerIT {

    private static final String HEADER = "Upload-Checksum";

    private final TusClient tus = TusServer.client();

    @ParameterizedTest
    @ValueSource(strings = {"sha1", "sha256", "sha384", "sha512", "md5", "crc32", "crc32c"})
    @Item(value = 130, level = M)
    @DisplayName("T130 A body whose trailer is right is taken, one whose trailer is wrong is not")
    void t130_patch_eachAlgorithm(String algorithm) throws IOException {
        Digests.assumeListed(tus, algorithm);
        byte[] content = random(300_000);
        URI upload = tus.create(content.length);
        tus.append(upload, 0, Arrays.copyOf(content, 1234));
        byte[] rest = Arrays.copyOfRange(content, 1234, content.length);
        String right = checksum(algorithm, rest);
        byte[] spoilt = rest.clone();
        spoilt[0]++;
        assertThat(send(announced(upload, 1234), spoilt, right)).hasStatus(460).hasHeaderIfAny("Upload-Offset", "1234");
        assertThat(tus.offset(upload)).isEqualTo(1234);
        assertThat(send(announced(upload, 1234), rest, right))
                .hasStatus(204)
                .hasHeader("Upload-Offset", Integer.toString(content.length));
        tus.holds(upload, content);
    }

    @Test
    @Item(value = 130, level = M)
    @DisplayName("T130 A large body is read back right, from wherever it begins")
    void t130_patch_largeBody() throws IOException {
        byte[] content = random(33_000_001);
        URI upload = tus.create(content.length);
        tus.append(upload, 0, Arrays.copyOf(content, 7));
        byte[] rest = Arrays.copyOfRange(content, 7, content.length);
        byte[] spoilt = rest.clone();
        spoilt[20_000_000]++;
        assertThat(send(announced(upload, 7), spoilt, sha1(rest))).hasStatus(460);
        assertThat(tus.offset(upload)).isEqualTo(7);
        assertThat(send(announced(upload, 7), rest, sha1(rest))).hasStatus(204);
        tus.holds(upload, content);
    }

    @ParameterizedTest
    @ValueSource(strings = {"upload-checksum", "UPLOAD-CHECKSUM", "X-Other, Upload-Checksum", "Upload-Checksum ,x"})
    @Item(value = 130, level = M)
    @DisplayName("T130 The announcement is a list of names, whatever their case")
    void t130_patch_announcement(String trailer) throws IOException {
        URI upload = tus.create(5);
        RawRequest request = tus.patch(upload, 0).header("Trailer", trailer);
        assertThat(send(request, "hello", sha1("x"))).hasStatus(460);
        assertThat(send(request, "hello", sha1("hello"))).hasStatus(204);
    }

    @Test
    @Item(value = 130, level = M)
    @DisplayName("T130 The announcement may be one of several Trailer headers, the trailer in another case")
    void t130_patch_severalAnnouncements() throws IOException {
        URI upload = tus.create(5);
        RawRequest request = tus.patch(upload, 0).header("Trailer", "X-Other").header("Trailer", HEADER);
        try (RawHttp http = RawHttp.open(request.announcingChunks())) {
            http.sendChunk("hello".getBytes(UTF_8));
            http.send("0\r\nX-Other: 1\r\nuPLOAD-cHECKSUM: " + sha1("hello") + "\r\n\r\n");
            assertThat(http.read()).hasStatus(204);
        }
    }

    @Test
    @Item(value = 130, level = M)
    @DisplayName("T130 A trailer of an unknown algorithm is refused with 400, and its body dropped")
    void t130_patch_unknownAlgorithm() throws IOException {
        URI upload = tus.create(5);
        assertThat(send(announced(upload, 0), "hello", "whirlpool qvTGHdzF6KLavt4PO0gs2a6pQ00="))
                .hasStatus(400);
        assertThat(tus.offset(upload)).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SHA1 qvTGHdzF6KLavt4PO0gs2a6pQ00=",
                "sha1",
                "",
                "sha1 ***",
                "sha1  qvTGHdzF6KLavt4PO0gs2a6pQ00=",
                "md5 qvTGHdzF6KLavt4PO0gs2a6pQ00="
            })
    @Item(value = 130, level = M)
    @DisplayName("T130 A trailer that is no checksum is refused, and its body dropped")
    void t130_patch_malformed(String trailer) throws IOException {
        TusServer.assumeOwn();
        URI upload = tus.create(5);
        RawResponse answer = send(announced(upload, 0), "hello", trailer);
        assertThat(answer).hasStatus(400);
        assertThat(tus.offset(upload)).isZero();
        assertThat(send(announced(upload, 0), "hello", sha1("hello"))).hasStatus(204);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Upload-Checksum", "upload-checksum"})
    @Item(
            value = {124, 19},
            level = I,
            needs = "checksum-trailer")
    @DisplayName("T124 T19 A trailer that comes twice is refused, in one spelling or in two")
    void t124_patch_trailerTwice(String second) throws IOException {
        TusServer.assumeOwn();
        URI upload = tus.create(5);
        try (RawHttp http = RawHttp.open(announced(upload, 0).announcingChunks())) {
            http.sendChunk("hello".getBytes(UTF_8));
            http.send("0\r\nUpload-Checksum: %s\r\n%s: %s\r\n\r\n".formatted(sha1("hello"), second, sha1("hello")));
            assertThat(http.read()).hasStatus(400);
        }
        assertThat(tus.offset(upload)).isZero();
    }

    @Test
    @Item(value = 130, level = M)
    @DisplayName("T130 A trailer that was announced and does not come makes the body worthless")
    void t130_patch_missing() throws IOException {
        TusServer.assumeOwn();
        URI upload = tus.create(5);
        for (RawRequest request : new RawRequest[] {
            announced(upload, 0).chunked("hello"), announced(upload, 0).body("hello")
        }) {
            RawResponse answer = tus.send(request);
            assertThat(answer).hasStatus(400);
            if (!TusServer.isForeign()) {
                assertThat(answer.text()).contains("CHECKSUM_TRAILER_MISSING");
            }
            assertThat(tus.offset(upload)).isZero();
        }
        tus.append(upload, 0, "hello");
    }

    @Test
    @Item(value = 130, level = M)
    @DisplayName("T130 A trailer that was not announced is refused: its body may have been recorded unverified")
    void t130_patch_notAnnounced() throws IOException {
        TusServer.assumeOwn();
        URI upload = tus.create(5);
        for (RawRequest request :
                new RawRequest[] {tus.patch(upload, 0), tus.patch(upload, 0).header("Trailer", "X-Other")}) {
            for (String trailer : new String[] {sha1("hello"), sha1("x"), "nonsense"}) {
                RawResponse answer = send(request, "hello", trailer);
                assertThat(answer).hasStatus(400);
                assertThat(tus.offset(upload)).isZero();
            }
        }
        tus.append(upload, 0, "hello");
        tus.holds(upload, "hello");
    }

    @Test
    @Item(value = 131, level = I)
    @DisplayName("T131 Header and trailer must say the same")
    void t131_patch_headerAndTrailer() throws IOException {
        byte[] body = "hello".getBytes(UTF_8);
        URI upload = tus.create(5);
        RawRequest request = announced(upload, 0).header(HEADER, sha1(body));
        for (String other : new String[] {sha1("x"), checksum("sha256", body), "sha1 ***"}) {
            assertThat(send(request, "hello", other)).hasStatus(400);
            assertThat(tus.offset(upload)).isZero();
        }
        if (!TusServer.isForeign()) {
            assertThat(send(request, "hello", "")).hasStatus(400);
            assertThat(tus.send(request.chunked("hello"))).hasStatus(400);
        }
        assertThat(send(request, "hellO", sha1(body))).hasStatus(460);
        assertThat(tus.offset(upload)).isZero();
        assertThat(send(request, "hello", sha1(body))).hasStatus(204);
        tus.holds(upload, body);
    }

    @Test
    @Item(value = 126, level = I, needs = "checksum-trailer")
    @DisplayName("T126 A body with an announced trailer leaves nothing when it breaks off")
    void t126_patch_cutOffBeforeTheTrailer() throws IOException {
        byte[] content = random(3_000_000);
        URI upload = tus.create(content.length);
        for (String last : new String[] {"", "0\r\n", "0\r\nUpload-Checksum: " + sha1(content) + "\r\n"}) {
            try (RawHttp http = RawHttp.open(announced(upload, 0).announcingChunks())) {
                http.sendChunk(content);
                http.send(last);
                if (!TusServer.isForeign()) {
                    assertThat(tus.offset(upload)).isZero();
                }
                http.finishSending();
                assertThat(http.readIfAny().filter(RawResponse::isSuccess)).isEmpty();
            }
            tus.awaitOffset(upload, 0);
        }
        assertThat(send(announced(upload, 0), content, sha1(content))).hasStatus(204);
        tus.holds(upload, content);
    }

    @Test
    @Item(
            value = {127, 50},
            level = I,
            needs = "checksum-trailer")
    @DisplayName("T127 T50 A client that comes back goes on at once where its dead body began")
    void t127_patch_takesOver() throws IOException {
        TusServer.assumeOwn();
        byte[] content = random(1_000_000);
        URI upload = tus.create(content.length);
        try (RawHttp dead = RawHttp.open(announced(upload, 0).announcingChunks())) {
            dead.sendChunk(content);
            assertThat(tus.offset(upload)).isZero();
            assertThat(send(announced(upload, 0), content, sha1(content))).hasStatus(204);
            dead.sendLeniently("0\r\nUpload-Checksum: " + sha1(content) + "\r\n\r\n");
            assertThat(dead.readIfAny().filter(RawResponse::isSuccess)).isEmpty();
        }
        tus.holds(upload, content);
    }

    @Test
    @Item(
            value = {40, 126},
            level = I,
            needs = "checksum-trailer")
    @DisplayName("T40 T126 A body that is too long is not kept at all when it has a trailer")
    void t126_patch_tooLong() throws IOException {
        TusServer.assumeOwn();
        URI upload = tus.create(3);
        assertThat(send(announced(upload, 0), "hello", sha1("hello"))).hasStatus(413);
        assertThat(tus.offset(upload)).isZero();
    }

    @Test
    @Item(value = 128, level = I, needs = "checksum-trailer")
    @DisplayName("T128 A body of no bytes is verified like any other")
    void t128_patch_nothing() throws IOException {
        URI upload = tus.create(5);
        URI complete = tus.finished("hello");
        assertThat(send(announced(upload, 0), "", sha1("x"))).hasStatusOr(460, 204);
        assertThat(send(announced(complete, 5), "", sha1("x"))).hasStatusOr(460, 204);
        assertThat(send(announced(upload, 0), "", sha1(""))).hasStatus(204);
        assertThat(send(announced(complete, 5), "", sha1(""))).hasStatus(204);
    }

    @Test
    @Item(value = 129, level = I, needs = "checksum-trailer")
    @DisplayName("T129 A creation may bring its checksum behind its body")
    void t129_creation() throws IOException {
        TusServer.assumeOwn();
        RawRequest creation =
                tus.post(5).header("Content-Type", TusClient.OFFSET_TYPE).header("Trailer", HEADER);
        assertThat(send(creation, "hello", sha1("hello"))).hasStatus(201).hasHeader("Upload-Offset", "5");
        RawResponse wrong = send(creation, "hellO", sha1("hello"));
        assertThat(wrong).hasStatus(460).hasHeader("Upload-Offset", "0");
        assertThat(tus.offset(wrong.location(tus.creationUrl()))).isZero();
        RawResponse missing = tus.send(creation.chunked("hello"));
        assertThat(missing).hasStatus(400);
        assertThat(tus.offset(missing.location(tus.creationUrl()))).isZero();
        assertThat(tus.send(tus.post(5).header("Trailer", HEADER).body("")))
                .hasStatus(400)
                .hasNoHeader("Location");
    }

    @Test
    @Item(value = 130, level = M)
    @DisplayName("T130 A connection goes on after a trailer")
    void t130_connection_isUsedAgain() throws IOException {
        TusServer.assumeOwn();
        URI upload = tus.create(10);
        try (RawHttp http = RawHttp.connect(upload)) {
            http.send(announced(upload, 0).announcingChunks());
            http.sendChunk("hello".getBytes(UTF_8));
            http.send("0\r\nUpload-Checksum: " + sha1("hello") + "\r\n\r\n");
            assertThat(http.read()).hasStatus(204);
            // The next request on this connection must not see the trailer of the one before.
            http.send(tus.patch(upload, 5).chunked("world"));
            assertThat(http.read()).hasStatus(204).hasHeader("Upload-Offset", "10");
        }
        tus.holds(upload, "helloworld");
    }

    @Test
    @Item(value = 132, level = I)
    @DisplayName("T132 Trailers are verified over HTTP/2, where nothing is chunked, with and without Content-Length")
    void t132_patch_overHttp2() throws IOException {
        TusServer.assumeOwn();
        byte[] content = random(1_000_000);
        URI upload = tus.create(2L * content.length);
        RawRequest first = announced(upload, 0);
        RawRequest second = announced(upload, content.length).announcing(content.length);
        try (Http2Connection http = Http2Connection.open(upload)) {
            for (RawRequest request : new RawRequest[] {first, second}) {
                long before = tus.offset(upload);
                assertThat(exchange(http, request, content, sha1("x"))).hasStatus(460);
                assertThat(exchange(http, request, content, "SHA1 x")).hasStatus(400);
                assertThat(http.begin(request).send(content).finish().read()).hasStatus(400);
                http.begin(request).send(content).reset();
                assertThat(tus.offset(upload)).isEqualTo(before);
                assertThat(exchange(http, request, content, sha1(content)))
                        .hasStatus(204)
                        .hasHeader("Upload-Offset", Long.toString(before + content.length));
            }
            assertThat(exchange(http, announced(upload, 2L * content.length), new byte[0], sha1("x")))
                    .hasStatus(460);
            assertThat(exchange(http, announced(upload, 2L * content.length), new byte[0], sha1("")))
                    .hasStatus(204);
        }
        byte[] twice = Arrays.copyOf(content, 2 * content.length);
        System.arraycopy(content, 0, twice, content.length, content.length);
        tus.holds(upload, twice);
    }

    private static RawResponse exchange(Http2Connection http, RawRequest request, byte[] body, String trailer)
            throws IOException {
        Http2Stream stream = http.begin(request);
        if (body.length > 0) {
            stream.send(body);
        }
        return stream.finish("upload-checksum", trailer).read();
    }

    private RawRequest announced(URI upload, long offset) {
        return tus.patch(upload, offset).header("Trailer", HEADER);
    }

    private static RawResponse send(RawRequest request, String body, String trailer) throws IOException {
        return send(request, body.getBytes(UTF_8), trailer);
    }

    /** Chunks, then the trailer. */
    private static RawResponse send(RawRequest request, byte[] body, String trailer) throws IOException {
        try (RawHttp http = RawHttp.open(request.announcingChunks())) {
            for (int at = 0; at < body.length; at += 1 << 20) {
                http.sendChunk(Arrays.copyOfRange(body, at, Math.min(body.length, at + (1 << 20))));
            }
            http.send("0\r\nUpload-Checksum: " + trailer + "\r\n\r\n");
            return http.read();
        }
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }
}
