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
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Section D: several requests for one upload at once; connections that are dead and do not know it. */
@Timeout(value = 60, unit = SECONDS)
class ConcurrencyIT {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration ARRIVAL = Duration.ofMillis(500);

    private final TusClient tus = TusServer.client();

    @Test
    @Item(value = 28, level = I)
    @DisplayName("T28 D11 HEAD during a PATCH tells an offset at which a PATCH goes on, or 423")
    void t28_head_whileABodyComes() throws IOException {
        URI upload = tus.create(100);
        try (RawHttp dead = tus.beginPatch(upload, 0, 100).send("x".repeat(40))) {
            boolean wentOn = goesOn(upload);
            dead.reset();
            if (!wentOn) {
                Awaitility.await("the upload goes on").atMost(PATIENCE).until(() -> goesOn(upload));
            }
        }
        tus.holds(upload, "x".repeat(40) + "y".repeat(60));
    }

    /** Asks for the offset and sends what is missing; false when it is told to come back (423). */
    private boolean goesOn(URI upload) throws IOException {
        RawResponse head = tus.head(upload);
        assertThat(head).hasStatus(200, 204, 423);
        if (!head.isSuccess()) {
            return false;
        }
        String rest = ("x".repeat(40) + "y".repeat(60)).substring((int) head.offset());
        RawResponse answer = tus.send(tus.patch(upload, head.offset()).body(rest));
        assertThat(answer).hasStatus(204, 423);
        return answer.isSuccess();
    }

    @Test
    @Item(value = 50, level = I)
    @DisplayName("T50 D11 A PATCH while another one is open takes over from it, or gets 423")
    void t50_patch_whileABodyComes() throws IOException {
        URI upload = tus.create(10);
        try (RawHttp dead = tus.begin(tus.patch(upload, 0).announcingChunks())) {
            dead.send("6\r\nabc");
            // Whether HEAD tells when they have arrived is for T28.
            assertThat(dead.isSilentFor(ARRIVAL)).isTrue();
            RawResponse answer = tus.send(tus.patch(upload, 3).body("def"));
            assertThat(answer).hasStatus(204, 423);
            dead.reset();
            if (answer.status() == 423) {
                Awaitility.await("the upload is free")
                        .atMost(PATIENCE)
                        .until(() -> tus.send(tus.patch(upload, 3).body("def")).isSuccess());
            }
        }
        tus.append(upload, 6, "ghij");
        tus.holds(upload, "abcdefghij");
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
        // Whoever is cut off may be told with 2xx how far it came.
        long successes = answers.stream()
                .filter(answer -> answer.isSuccess() && answer.offset() == size)
                .count();
        Assertions.assertThat(successes).as("%s", answers).isLessThanOrEqualTo(1);
        answers.stream()
                .filter(answer -> !answer.isSuccess())
                .forEach(answer -> assertThat(answer).hasStatus(409, 423));
        long offset = tus.offset(upload);
        assertThat(offset).isBetween(successes == 1 ? size : 0L, (long) size);
        byte[] rest = new byte[(int) (size + 1 - offset)];
        tus.append(upload, offset, rest);
        if (TusServer.offer().downloads()) {
            byte[] content = tus.download(upload);
            for (int i = 1; i < offset; i++) {
                Assertions.assertThat(content[i]).as("byte %d of %d", i, offset).isEqualTo(content[0]);
            }
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
        tus.holds(upload, content(pieces));
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
