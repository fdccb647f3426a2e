package dev.narwhal.conformance;

import static dev.narwhal.conformance.Item.Level.I;
import static dev.narwhal.conformance.ResponseAssert.assertThat;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Section D: several requests for one upload at once; connections that are dead and do not know it. */
@Timeout(value = 60, unit = SECONDS)
class ConcurrencyIT {

    /** How long a client that comes back may wait for its first bytes to be taken. */
    private static final Duration TAKEOVER = Duration.ofSeconds(2);

    private final TusClient tus = TusServer.client();

    @Test
    @Item(
            value = {28, 50},
            level = I)
    @DisplayName("T28 T50 D11 After a dead connection HEAD tells what arrived, and a PATCH goes on there at once")
    void t50_patch_takesOverFromADeadConnection() throws IOException {
        URI upload = tus.create(100);
        try (RawHttp dead = tus.beginPatch(upload, 0, 100).send("x".repeat(40))) {
            tus.awaitOffset(upload, 40);
            long begin = System.nanoTime();
            tus.append(upload, 40, "y".repeat(60));
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(TAKEOVER);
            dead.sendLeniently("z".repeat(60));
            assertThat(dead.readIfAny().filter(RawResponse::isSuccess)).isEmpty();
        }
        assertThat(tus.offset(upload)).isEqualTo(100);
        assertThat(tus.download(upload)).asString().isEqualTo("x".repeat(40) + "y".repeat(60));
    }

    @Test
    @Item(
            value = {40, 50},
            level = I)
    @DisplayName("T50 A PATCH takes over from a dead connection that sends chunks")
    void t50_patch_takesOverFromDeadChunks() throws IOException {
        URI upload = tus.create(10);
        try (RawHttp dead = RawHttp.open(tus.patch(upload, 0).announcingChunks())) {
            dead.send("6\r\nabc");
            tus.awaitOffset(upload, 3);
            tus.append(upload, 3, "def");
            dead.sendLeniently("DEF\r\n0\r\n\r\n");
            assertThat(dead.readIfAny().filter(RawResponse::isSuccess)).isEmpty();
        }
        tus.append(upload, 6, "ghij");
        assertThat(tus.download(upload)).asString().isEqualTo("abcdefghij");
    }

    @Test
    @Item(value = 50, level = I)
    @DisplayName("T50 Ten dead connections in a row each give way to the next")
    void t50_patch_takesOverTenTimes() throws IOException {
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
        assertThat(tus.download(upload)).asString().isEqualTo("0123456789".repeat(11));
    }

    @Test
    @Item(value = 28, level = I)
    @DisplayName("T28 HEADs during a live transfer tell its progress and do not stop it")
    void t28_head_doesNotStopALiveTransfer() throws IOException {
        URI upload = tus.create(50);
        try (RawHttp live = tus.beginPatch(upload, 0, 50)) {
            for (int offset = 10; offset <= 40; offset += 10) {
                live.send("0123456789");
                tus.awaitOffset(upload, offset);
            }
            assertThat(live.send("0123456789").read()).hasStatus(204).hasHeader("Upload-Offset", "50");
        }
        assertThat(tus.download(upload)).asString().isEqualTo("0123456789".repeat(5));
    }

    @Test
    @Item(
            value = {28, 50},
            level = I)
    @DisplayName("T28 T50 Requests that will be refused do not stop a live transfer")
    void t50_refusals_doNotStopALiveTransfer() throws IOException {
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
        assertThat(tus.download(upload)).asString().isEqualTo("01234567890123456789");
    }

    @RepeatedTest(10)
    @Item(value = 49, level = I)
    @DisplayName("T49 Of several PATCHes at one offset at most one succeeds, and their bytes never mix")
    void t49_patches_atOneOffsetAtOnce() throws Exception {
        int size = 50_000;
        int clients = 4;
        URI upload = tus.create(size + 1);
        CyclicBarrier start = new CyclicBarrier(clients);
        List<Callable<Optional<RawResponse>>> writers = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            byte[] body = new byte[size];
            Arrays.fill(body, (byte) ('a' + i));
            writers.add(() -> {
                start.await();
                try (RawHttp http = RawHttp.open(tus.patch(upload, 0).body(body))) {
                    return http.readIfAny();
                }
            });
        }
        List<RawResponse> answers = answers(writers);
        long successes = answers.stream().filter(RawResponse::isSuccess).count();
        Assertions.assertThat(successes).as("%s", answers).isLessThanOrEqualTo(1);
        answers.stream()
                .filter(answer -> !answer.isSuccess())
                .forEach(answer -> assertThat(answer).hasStatus(409, 423));
        long offset = tus.offset(upload);
        assertThat(offset).isBetween(successes == 1 ? size : 0L, (long) size);
        byte[] rest = new byte[(int) (size + 1 - offset)];
        tus.append(upload, offset, rest);
        byte[] content = tus.download(upload);
        for (int i = 1; i < offset; i++) {
            Assertions.assertThat(content[i]).as("byte %d of %d", i, offset).isEqualTo(content[0]);
        }
    }

    @Test
    @Item(value = 51, level = I)
    @DisplayName("T51 D1 An uploader, pollers and a rival on one upload: no byte is lost, no answer is wrong")
    void t51_uploadUnderContention() throws Exception {
        int pieces = 200;
        URI upload = tus.create(pieces * 100L);
        AtomicBoolean done = new AtomicBoolean();
        List<Callable<Void>> others = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            others.add(() -> {
                while (!done.get()) {
                    assertThat(tus.head(upload)).hasStatus(200, 204, 423);
                }
                return null;
            });
        }
        others.add(() -> {
            while (!done.get()) {
                assertThat(tus.send(tus.patch(upload, pieces * 100L).body(""))).hasStatus(204, 409, 423);
            }
            return null;
        });
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Void>> running = others.stream().map(threads::submit).toList();
            try {
                uploadPieces(upload, pieces);
            } finally {
                done.set(true);
            }
            for (Future<Void> one : running) {
                one.get();
            }
        }
        assertThat(tus.download(upload)).isEqualTo(content(pieces));
    }

    /** As stock clients do: on 423 and 409 ask for the offset and go on. */
    private void uploadPieces(URI upload, int pieces) throws IOException {
        byte[] content = content(pieces);
        int offset = 0;
        while (offset < content.length) {
            RawResponse answer =
                    tus.send(tus.patch(upload, offset).body(Arrays.copyOfRange(content, offset, offset + 100)));
            assertThat(answer).hasStatus(204, 409, 423);
            offset = (int) (answer.isSuccess() ? answer.offset() : tus.offset(upload));
            Assertions.assertThat(offset % 100).as("%s", answer).isZero();
        }
    }

    private static byte[] content(int pieces) {
        byte[] content = new byte[pieces * 100];
        for (int i = 0; i < content.length; i++) {
            content[i] = (byte) (i / 100 + i);
        }
        return content;
    }

    private static List<RawResponse> answers(List<Callable<Optional<RawResponse>>> requests) throws Exception {
        List<RawResponse> answers = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Optional<RawResponse>> one : threads.invokeAll(requests)) {
                one.get().ifPresent(answers::add);
            }
        }
        return answers;
    }
}
