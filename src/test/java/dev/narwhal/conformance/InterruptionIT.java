package dev.narwhal.conformance;

import static dev.narwhal.conformance.Item.Level.I;
import static dev.narwhal.conformance.Item.Level.S;
import static dev.narwhal.conformance.ResponseAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Section D: bodies that are cut off, and bodies that need not be sent at all. */
class InterruptionIT {

    private final TusClient tus = TusServer.client();

    /** How a connection ends. */
    enum End {
        /** FIN of both directions. */
        CLOSE {
            @Override
            void end(RawHttp http) throws IOException {
                http.close();
            }
        },
        /** FIN of the client's direction; it still listens. */
        HALF_CLOSE {
            @Override
            void end(RawHttp http) throws IOException {
                http.finishSending();
                assertThat(http.readIfAny().filter(RawResponse::isSuccess)).isEmpty();
                http.close();
            }
        },
        RESET {
            @Override
            void end(RawHttp http) throws IOException {
                http.reset();
            }
        };

        abstract void end(RawHttp http) throws IOException;
    }

    @ParameterizedTest
    @EnumSource(End.class)
    @Item(value = 45, level = S)
    @DisplayName("T45 A connection that drops in the middle of a body with Content-Length leaves what came")
    void t45_connection_drops(End how) throws IOException {
        // Few enough bytes to be on the server's side already: a reset takes back what the client has not sent yet.
        byte[] content = random(100_000);
        URI upload = tus.create(content.length);
        RawHttp http = tus.beginPatch(upload, 0, content.length);
        how.end(http.send(Arrays.copyOf(content, 34_567)));
        goesOnAt(upload, 34_567, content);
    }

    @Test
    @Item(value = 45, level = S)
    @DisplayName("T45 A connection that drops after megabytes leaves what came")
    void t45_connection_dropsLate() throws IOException {
        byte[] content = random(10_000_000);
        URI upload = tus.create(content.length);
        try (RawHttp http = tus.beginPatch(upload, 0, content.length)) {
            http.send(Arrays.copyOf(content, 6_543_210));
        }
        goesOnAt(upload, 6_543_210, content);
    }

    @ParameterizedTest
    @EnumSource(End.class)
    @Item(value = 45, level = S)
    @DisplayName("T45 A connection that drops between and within chunks leaves what came")
    void t45_connection_dropsAmongChunks(End how) throws IOException {
        byte[] content = random(100_000);
        URI upload = tus.create(content.length);
        RawHttp http = RawHttp.open(
                tus.patch(upload, 0).header("Expect", "100-continue").announcingChunks());
        assertThat(http.readInterim()).isEqualTo(100);
        http.sendChunk(Arrays.copyOf(content, 20_000));
        http.send("4e20\r\n");
        how.end(http.send(Arrays.copyOfRange(content, 20_000, 30_001)));
        goesOnAt(upload, 30_001, content);
    }

    private void goesOnAt(URI upload, int offset, byte[] content) throws IOException {
        tus.awaitOffset(upload, offset);
        tus.append(upload, offset, Arrays.copyOfRange(content, offset, content.length));
        assertThat(tus.download(upload)).isEqualTo(content);
    }

    @Test
    @Item(value = 45, level = S)
    @DisplayName("T45 Twenty drops in one upload cost no byte")
    void t45_connection_dropsAgainAndAgain() throws IOException {
        byte[] content = random(200_000);
        URI upload = tus.create(content.length);
        for (int offset = 0; offset < content.length; offset += 10_000) {
            try (RawHttp http = tus.beginPatch(upload, offset, content.length - offset)) {
                http.send(Arrays.copyOfRange(content, offset, offset + 10_000));
            }
            tus.awaitOffset(upload, offset + 10_000);
        }
        assertThat(tus.download(upload)).isEqualTo(content);
    }

    @Test
    @Item(value = 52, level = I)
    @DisplayName("T52 A PATCH that will be refused is not told to send its body")
    void t52_patch_refusedBeforeItsBody() throws IOException {
        URI upload = tus.create(10);
        tus.append(upload, 0, "abc");
        RawRequest right = tus.patch(upload, 3).header("Expect", "100-continue").announcing(5);
        isRefused(right.with("Upload-Offset", "1"), 409);
        isRefused(right.with("Content-Length", "8"), 413);
        isRefused(right.with("Content-Type", "text/plain"), 415);
        isRefused(right.with("Tus-Resumable", "0.2.2"), 412);
        isRefused(right.with("Upload-Offset", "x"), 400);
        isRefused(right.target(tus.missing().getPath()), 404);
        assertThat(tus.offset(upload)).isEqualTo(3);
    }

    private void isRefused(RawRequest request, int status) throws IOException {
        assertThat(tus.send(request)).hasStatus(status).cameWithoutContinue();
    }

    @Test
    @Item(value = 52, level = I)
    @DisplayName("T52 A PATCH that is accepted is told to send its body, with and without Content-Length")
    void t52_patch_acceptedBeforeItsBody() throws IOException {
        URI upload = tus.create(6);
        try (RawHttp http = tus.beginPatch(upload, 0, 3)) {
            assertThat(http.send("abc").read()).hasStatus(204).hasHeader("Upload-Offset", "3");
        }
        RawRequest asJavaClient = tus.patch(upload, 3)
                .method("POST")
                .header("X-HTTP-Method-Override", "PATCH")
                .header("Expect", "100-continue")
                .announcingChunks();
        try (RawHttp http = RawHttp.open(asJavaClient)) {
            assertThat(http.readInterim()).isEqualTo(100);
            http.send("3\r\ndef\r\n0\r\n\r\n");
            assertThat(http.read()).hasStatus(204).hasHeader("Upload-Offset", "6");
        }
        assertThat(tus.download(upload)).asString().isEqualTo("abcdef");
    }

    @Test
    @Item(value = 52, level = I)
    @DisplayName("T52 A client that does not wait for the 100 is served as well")
    void t52_patch_sentWithoutWaiting() throws IOException {
        URI upload = tus.create(3);
        assertThat(tus.send(
                        tus.patch(upload, 0).header("Expect", "100-continue").body("abc")))
                .hasStatus(204)
                .hasHeader("Upload-Offset", "3");
    }

    @ParameterizedTest
    @ValueSource(ints = {1 << 20, 24 << 20})
    @Item(value = 53, level = I)
    @DisplayName("T53 The refusal of a large body reaches a client that sends all of it first")
    void t53_refusal_ofALargeBody(int size) throws IOException {
        URI upload = tus.create(size);
        byte[] body = new byte[size];
        assertThat(tus.send(tus.patch(upload, 1).body(body))).hasStatus(409).hasHeader("Upload-Offset", "0");
        assertThat(tus.send(
                        tus.patch(upload, 0).with("Content-Type", "text/plain").body(body)))
                .hasStatus(415);
        assertThat(tus.send(tus.patch(tus.missing(), 0).chunked(body, body))).hasStatus(404);
        assertThat(tus.offset(upload)).isZero();
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }
}
