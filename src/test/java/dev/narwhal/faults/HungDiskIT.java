package dev.narwhal.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.DeliveredFiles;
import dev.narwhal.testkit.FreezableDisk;
import dev.narwhal.testkit.HandFedPatch;
import dev.narwhal.testkit.NarwhalProcess;
import dev.narwhal.testkit.PlainTus;
import dev.narwhal.testkit.Timed;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The staging disk stops answering for a while, and then answers again, under a real server: a file write that hangs. Whoever
 * wants the upload waits for it no longer than the takeover's time.
 */
@Tag("faults")
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class HungDiskIT {

    private static final Logger log = LoggerFactory.getLogger(HungDiskIT.class);

    private static final int KIB = 1 << 10;
    private static final int SIZE = 1024 * KIB;
    private static final int PIECE = 256 * KIB;
    private static final Duration TAKEOVER = Duration.ofSeconds(2);

    /** Far from what is promised, and from what a hang would be. */
    private static final Duration BOUNDED = Duration.ofSeconds(15);

    @TempDir
    static Path dir;

    private static FreezableDisk disk;
    private static NarwhalProcess server;

    private final byte[] content = random();
    private PlainTus tus;

    @BeforeAll
    static void start() throws IOException {
        FreezableDisk.assumePossible();
        disk = FreezableDisk.at(dir.resolve("data").resolve("staging"), 96);
        server = NarwhalProcess.start(
                dir.resolve("data"),
                // As few carriers of virtual threads as the smallest machine has.
                List.of("-Xmx256m", "-XX:ActiveProcessorCount=2"),
                List.of("--narwhal.lease.takeover-timeout=" + TAKEOVER, "--narwhal.staging.reserve=1MB"));
    }

    @AfterAll
    static void stop() throws IOException {
        if (server != null) {
            server.close();
        }
        if (disk != null) {
            disk.close();
        }
    }

    @BeforeEach
    void connect() {
        tus = new PlainTus();
    }

    @AfterEach
    void disconnect() {
        tus.close();
    }

    @Test
    void writeHangs_underALiveBody_othersAreAnswered_andTheBodyGoesOn() throws Exception {
        URI upload = tus.create(server.uploads(), SIZE, "live.bin");
        try (HandFedPatch live = HandFedPatch.begin(upload, 0, SIZE)) {
            live.send(content, 0, PIECE);
            awaitOffset(upload, PIECE);
            try (FreezableDisk.Freeze frozen = disk.freeze()) {
                live.send(content, PIECE, 2 * PIECE);
                assertBusy(upload, PIECE, PIECE);
            }
            live.send(content, 2 * PIECE, SIZE);
            assertThat(live.status()).as("the live body").isEqualTo(204);
        }
        assertDelivered(upload);
    }

    /** The first to write is then the one who takes over, or who asks. */
    @Test
    void writeHangs_underADeadBody_othersAreAnswered_andTheNextGoesOn() throws Exception {
        URI upload = tus.create(server.uploads(), SIZE, "dead.bin");
        try (HandFedPatch dead = HandFedPatch.begin(upload, 0, SIZE)) {
            awaitReceived(() -> dead.send(content, 0, PIECE), PIECE);
            try (FreezableDisk.Freeze frozen = disk.freeze()) {
                assertBusy(upload, 0, PIECE);
            }
            awaitOffset(upload, PIECE);
            assertThat(tus.patch(upload, PIECE, Arrays.copyOfRange(content, PIECE, SIZE))
                            .statusCode())
                    .isEqualTo(204);
            dead.sendLate(new byte[PIECE]);
        }
        assertDelivered(upload);
    }

    /** PATCH first: here the takeover's own write is the one that hangs. */
    @Test
    void writeHangs_underADeadBody_aTakeoverIsAnsweredInTime() throws Exception {
        URI upload = tus.create(server.uploads(), SIZE, "taken.bin");
        try (HandFedPatch dead = HandFedPatch.begin(upload, 0, SIZE)) {
            awaitReceived(() -> dead.send(content, 0, PIECE), PIECE);
            try (FreezableDisk.Freeze frozen = disk.freeze()) {
                assertRefusedInTime("first PATCH", () -> patchRest(upload, PIECE));
                assertRefusedInTime("second PATCH", () -> patchRest(upload, PIECE));
                assertHead(upload, 0);
            }
            // Nobody waits for the upload any more: whoever has it keeps it.
            dead.send(content, PIECE, SIZE);
            assertThat(dead.status()).as("the body that was nearly taken over").isEqualTo(204);
        }
        assertDelivered(upload);
    }

    @Test
    void writesHang_underManyBodies_otherRequestsAreAnswered() throws Exception {
        int bodies = 8;
        URI other = tus.create(server.uploads(), SIZE, "other.bin");
        List<URI> uploads = new ArrayList<>();
        List<HandFedPatch> hanging = new ArrayList<>();
        for (int i = 0; i < bodies; i++) {
            uploads.add(tus.create(server.uploads(), SIZE, "hanging.bin"));
            hanging.add(HandFedPatch.begin(uploads.getLast(), 0, SIZE).send(content, 0, 1));
            awaitOffset(uploads.getLast(), 1);
        }
        try (FreezableDisk.Freeze frozen = disk.freeze()) {
            for (HandFedPatch body : hanging) {
                body.send(content, 1, PIECE);
            }
            assertHead(other, 0);
            for (URI upload : uploads) {
                assertHead(upload, 1);
            }
            assertInTime("OPTIONS", Timed.of(() -> tus.options(server.uploads())));
            assertInTime("metrics", Timed.of(() -> server.metric("narwhal_bodies_active")));
        }
        for (int i = 0; i < bodies; i++) {
            assertThat(hanging.get(i).send(content, PIECE, SIZE).status()).isEqualTo(204);
            hanging.get(i).close();
            assertDelivered(uploads.get(i));
        }
    }

    /** What HEAD, PATCH and DELETE hear while the disk hangs: all at once, and each in its time. */
    private void assertBusy(URI upload, long recorded, long received) throws Exception {
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Void>> all = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                all.add(clients.submit(does(() -> assertHead(upload, recorded))));
            }
            all.add(clients.submit(does(() -> assertRefusedInTime("PATCH", () -> patchRest(upload, received)))));
            all.add(clients.submit(does(() -> assertRefusedInTime("DELETE", () -> tus.delete(upload)))));
            for (Future<Void> one : all) {
                one.get(60, TimeUnit.SECONDS);
            }
        }
    }

    private interface Step {
        void run() throws Exception;
    }

    private static Callable<Void> does(Step step) {
        return () -> {
            step.run();
            return null;
        };
    }

    private HttpResponse<String> patchRest(URI upload, long offset) throws IOException, InterruptedException {
        return tus.patch(upload, offset, Arrays.copyOfRange(content, (int) offset, SIZE));
    }

    private void assertHead(URI upload, long recorded) throws Exception {
        Timed<HttpResponse<String>> head = Timed.of(() -> tus.head(upload));
        assertInTime("HEAD", head);
        assertThat(head.answer().statusCode()).isEqualTo(200);
        assertThat(head.answer().headers().firstValueAsLong("Upload-Offset")).hasValue(recorded);
    }

    private static void assertRefusedInTime(String name, Callable<HttpResponse<String>> request) throws Exception {
        Timed<HttpResponse<String>> answer = Timed.of(request);
        assertInTime(name, answer);
        assertThat(answer.answer().statusCode()).as(name).isEqualTo(423);
    }

    private static void assertInTime(String name, Timed<?> answer) {
        log.info("{}: {} ms", name, answer.took().toMillis());
        assertThat(answer.took()).as(name).isLessThan(BOUNDED);
    }

    private void awaitOffset(URI upload, long offset) {
        Awaitility.await().pollInterval(Duration.ofMillis(20)).until(() -> tus.offset(upload) == offset);
    }

    /** By the server's own count, since HEAD would record what it has. */
    private static void awaitReceived(Step sending, long bytes) throws Exception {
        String counter = "narwhal_bodies_received_bytes_total";
        double before = server.metric(counter);
        sending.run();
        Awaitility.await().until(() -> server.metric(counter) >= before + bytes);
    }

    private void assertDelivered(URI upload) throws IOException {
        Path expected = Files.write(dir.resolve("expected"), content);
        DeliveredFiles.in(server.delivered()).assertHolds(upload, expected);
    }

    private static byte[] random() {
        byte[] bytes = new byte[SIZE];
        new Random(1).nextBytes(bytes);
        return bytes;
    }
}
