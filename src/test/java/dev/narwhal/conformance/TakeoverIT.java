package dev.narwhal.conformance;

import static dev.narwhal.conformance.Item.Level.I;
import static dev.narwhal.conformance.ResponseAssert.assertThat;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How our own server hands an upload over, where tus and its clients would bear other ways: RATIONALE.md says why. */
@Timeout(value = 60, unit = SECONDS)
class TakeoverIT {

    private final TusClient tus = TusServer.client();

    @BeforeAll
    static void own() {
        TusServer.assumeOwn();
    }

    @Test
    @Item(
            value = {},
            level = I)
    @DisplayName("After a dead connection HEAD tells what arrived, and a PATCH goes on there at once")
    void patch_takesOverFromADeadConnection() throws IOException {
        URI upload = tus.create(100);
        try (RawHttp dead = tus.beginPatch(upload, 0, 100).send("x".repeat(40))) {
            tus.awaitOffset(upload, 40);
            tus.append(upload, 40, "y".repeat(60));
            dead.sendLeniently("z".repeat(60));
            assertThat(dead.readIfAny().filter(RawResponse::isSuccess)).isEmpty();
        }
        assertThat(tus.offset(upload)).isEqualTo(100);
        tus.holds(upload, "x".repeat(40) + "y".repeat(60));
    }

    @Test
    @Item(
            value = {},
            level = I)
    @DisplayName("A PATCH takes over from a dead connection that sends chunks")
    void patch_takesOverFromDeadChunks() throws IOException {
        URI upload = tus.create(10);
        try (RawHttp dead = RawHttp.open(tus.patch(upload, 0).announcingChunks())) {
            dead.send("6\r\nabc");
            tus.awaitOffset(upload, 3);
            tus.append(upload, 3, "def");
            dead.sendLeniently("DEF\r\n0\r\n\r\n");
            assertThat(dead.readIfAny().filter(RawResponse::isSuccess)).isEmpty();
        }
        tus.append(upload, 6, "ghij");
        tus.holds(upload, "abcdefghij");
    }

    @Test
    @Item(
            value = {},
            level = I)
    @DisplayName("Ten dead connections in a row each give way to the next")
    void patch_takesOverTenTimes() throws IOException {
        URI upload = tus.create(110);
        List<RawHttp> dead = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            dead.add(tus.beginPatch(upload, i * 10L, 110 - i * 10).send("0123456789"));
            tus.awaitOffset(upload, i * 10L + 10);
        }
        tus.append(upload, 100, "0123456789");
        for (RawHttp one : dead) {
            one.sendLeniently("!".repeat(110));
            assertThat(one.readIfAny().filter(RawResponse::isSuccess)).isEmpty();
            one.close();
        }
        tus.holds(upload, "0123456789".repeat(11));
    }

    @Test
    @Item(
            value = {},
            level = I)
    @DisplayName("HEADs during a live transfer tell its progress and do not stop it")
    void head_doesNotStopALiveTransfer() throws IOException {
        URI upload = tus.create(50);
        try (RawHttp live = tus.beginPatch(upload, 0, 50)) {
            for (int offset = 10; offset <= 40; offset += 10) {
                live.send("0123456789");
                tus.awaitOffset(upload, offset);
            }
            assertThat(live.send("0123456789").read()).hasStatus(204).hasHeader("Upload-Offset", "50");
        }
        tus.holds(upload, "0123456789".repeat(5));
    }

    @Test
    @Item(
            value = {},
            level = I)
    @DisplayName("Requests that will be refused do not stop a live transfer")
    void refusals_doNotStopALiveTransfer() throws IOException {
        URI upload = tus.create(20);
        tus.append(upload, 0, "01234");
        try (RawHttp live = tus.beginPatch(upload, 5, 15).send("56789")) {
            assertThat(tus.send(tus.patch(upload, 2).body("x"))).hasStatus(409);
            assertThat(tus.send(tus.patch(upload, 5)
                            .with("Content-Type", "text/plain")
                            .body("x")))
                    .hasStatus(415);
            assertThat(tus.send(tus.patch(upload, 5).with("Upload-Offset", "-5").body("x")))
                    .hasStatus(400);
            assertThat(tus.send(
                            tus.patch(upload, 5).with("Tus-Resumable", "0.2.2").body("x")))
                    .hasStatus(412);
            // The offset is behind the live transfer, too: 423 is as true an answer.
            assertThat(tus.send(
                            tus.patch(upload, 5).header("Upload-Length", "21").body("x")))
                    .hasStatus(400, 423);
            assertThat(tus.send(tus.patch(upload, 5).announcing(16))).hasStatus(413, 423);
            assertThat(tus.send(tus.request("DELETE", upload)
                            .without("Tus-Resumable")
                            .body("")))
                    .hasStatus(412);
            assertThat(tus.send(tus.request("PUT", upload).body("x"))).hasStatus(405);
            assertThat(tus.get(upload)).isNoSuccess();
            assertThat(live.send("0123456789").read()).hasStatus(204).hasHeader("Upload-Offset", "20");
        }
        tus.holds(upload, "01234567890123456789");
    }
}
