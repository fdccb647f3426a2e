package dev.narwhal.conformance;

import static dev.narwhal.conformance.Item.Level.I;
import static dev.narwhal.conformance.Item.Level.S;
import static dev.narwhal.conformance.ResponseAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.util.Arrays;
import java.util.Optional;
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
                http.readIfAny();
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
        RawHttp http = tus.begin(tus.patch(upload, 0).announcingChunks());
        http.sendChunk(Arrays.copyOf(content, 20_000));
        http.send("4e20\r\n");
        how.end(http.send(Arrays.copyOfRange(content, 20_000, 30_001)));
        goesOnAt(upload, 30_001, content);
    }

    private void goesOnAt(URI upload, int offset, byte[] content) throws IOException {
        tus.awaitOffset(upload, offset);
        tus.append(upload, offset, Arrays.copyOfRange(content, offset, content.length));
        tus.holds(upload, content);
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
        tus.holds(upload, content);
    }

    @Test
    @Item(value = 48, level = I)
    @DisplayName("T48 A body that ends before its Content-Length is not answered as if it were whole")
    void t48_body_endsEarly() throws IOException {
        URI upload = tus.create(10);
        try (RawHttp http = tus.beginPatch(upload, 0, 10).send("abc").finishSending()) {
            Optional<RawResponse> answer = http.readIfAny();
            assertThat(answer.filter(RawResponse::isSuccess)).isEmpty();
        }
        assertThat(tus.offset(upload)).isLessThanOrEqualTo(3);
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

    /** Which status it is has items of its own. */
    private void isRefused(RawRequest request, int ours) throws IOException {
        RawResponse answer = tus.send(request);
        assertThat(answer).isNoSuccess().cameWithoutContinue();
        if (!TusServer.isForeign()) {
            assertThat(answer).hasStatus(ours);
        }
    }

    @Test
    @Item(value = 52, level = I)
    @DisplayName("T52 A PATCH that is accepted is told to send its body")
    void t52_patch_acceptedBeforeItsBody() throws IOException {
        URI upload = tus.create(3);
        try (RawHttp http = tus.beginPatch(upload, 0, 3)) {
            assertThat(http.send("abc").read()).hasStatus(204).hasHeader("Upload-Offset", "3");
        }
        tus.holds(upload, "abc");
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
        assertThat(tus.send(tus.patch(upload, 1).body(body))).hasStatus(409);
        assertThat(tus.send(
                        tus.patch(upload, 0).with("Content-Type", "text/plain").body(body)))
                .isNoSuccess();
        assertThat(tus.send(tus.patch(tus.missing(), 0).chunked(body, body))).hasStatus(404);
        assertThat(tus.offset(upload)).isZero();
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }
}
