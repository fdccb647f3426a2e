package dev.narwhal.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.DeliveredFiles;
import dev.narwhal.testkit.FaultRounds;
import dev.narwhal.testkit.HandFedPatch;
import dev.narwhal.testkit.NarwhalProcess;
import dev.narwhal.testkit.PlainTus;
import dev.narwhal.testkit.Timed;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures, on the real jar, what a client waits for after its connection died, and what those who ask for the offset cost a
 * live transfer. The times are logged; what is asserted of them is only that nothing hangs.
 */
@Tag("faults")
@Timeout(value = 1, unit = TimeUnit.HOURS)
class TakeoverTimesIT {

    private static final Logger log = LoggerFactory.getLogger(TakeoverTimesIT.class);

    /** With the whole compiler: what is measured is a server that has run for a while. */
    private static final List<String> JVM = List.of("-Xmx512m");

    private static final int MIB = 1 << 20;
    private static final int SIZE = 4 * MIB;
    private static final int DEAD_CONNECTIONS = 50;
    private static final int LARGE = 512;
    private static final int HEADS_EVERY_MILLIS = 5;
    private static final int WARM_UPS = 3;
    private static final long[] RETRY_DELAYS = {0, 1000, 3000, 5000};

    @TempDir
    private Path dir;

    private final PlainTus tus = new PlainTus();
    private final Map<String, Integer> statuses = new TreeMap<>();
    private final byte[] content = new byte[SIZE];

    @BeforeEach
    void fill() {
        new Random(3).nextBytes(content);
    }

    @Test
    void deadConnection_untilTheClientGoesOn() throws Exception {
        Random luck = FaultRounds.luck("TakeoverTimesIT");
        List<Duration> heads = new ArrayList<>();
        List<Duration> patches = new ArrayList<>();
        Deque<HandFedPatch> dead = new ArrayDeque<>();
        try (NarwhalProcess server = NarwhalProcess.start(dir.resolve("data"), JVM, List.of())) {
            for (int round = 0; round < FaultRounds.times(20); round++) {
                URI upload = tus.create(server.uploads(), SIZE, "dead.bin");
                dead.add(HandFedPatch.begin(upload, 0, SIZE).send(content, 0, 1 + luck.nextInt(SIZE - MIB)));
                Timed<Duration> back = Timed.of(() -> comeBack(upload));
                heads.add(back.answer());
                patches.add(back.took());
                if (dead.size() > DEAD_CONNECTIONS) {
                    dead.remove().close();
                }
            }
        }
        for (HandFedPatch connection : dead) {
            connection.close();
        }
        log.info("until the first HEAD is answered: {}", Percentiles.of(heads));
        log.info("until the first PATCH is answered 204: {}", Percentiles.of(patches));
        log.info("answers: {}", statuses);
        assertThat(statuses.keySet()).isSubsetOf("HEAD 200", "PATCH 204", "PATCH 423", "PATCH 0");
        assertThat(Percentiles.of(patches).middle()).isLessThan(Duration.ofSeconds(5));
    }

    /** As tus-js-client does by default, with its pauses. Returns how long the first HEAD took. */
    private Duration comeBack(URI upload) throws Exception {
        Timed<HttpResponse<String>> first = Timed.of(() -> tus.head(upload));
        HttpResponse<String> head = first.answer();
        for (int attempt = 0; ; attempt++) {
            statuses.merge("HEAD " + head.statusCode(), 1, Integer::sum);
            int offset = (int) head.headers().firstValueAsLong("Upload-Offset").orElseThrow();
            try (HandFedPatch patch = HandFedPatch.begin(upload, offset, SIZE - offset)) {
                // Who is refused may find the connection closed before all is sent.
                patch.sendLate(Arrays.copyOfRange(content, offset, SIZE));
                int status = patch.status();
                statuses.merge("PATCH " + status, 1, Integer::sum);
                if (status == 204) {
                    return first.took();
                }
            }
            // The client's pause is part of what is measured.
            Thread.sleep(RETRY_DELAYS[Math.min(attempt, RETRY_DELAYS.length - 1)]);
            head = tus.head(upload);
        }
    }

    @Test
    void heads_duringALiveTransfer() throws Exception {
        List<Duration> alone = new ArrayList<>();
        List<Duration> beside = new ArrayList<>();
        List<Duration> watched = new ArrayList<>();
        try (NarwhalProcess server = NarwhalProcess.start(dir.resolve("data"), JVM, List.of())) {
            URI other = tus.create(server.uploads(), SIZE, "other.bin");
            for (int round = 0; round < WARM_UPS; round++) {
                URI upload = create(server);
                transferWhileAsking(server, upload, upload);
            }
            for (int round = 0; round < FaultRounds.times(1); round++) {
                alone.add(transfer(server));
                URI upload = create(server);
                beside.add(transferWhileAsking(server, upload, other));
                upload = create(server);
                watched.add(transferWhileAsking(server, upload, upload));
            }
        }
        int rate = 1000 / HEADS_EVERY_MILLIS;
        log.info("{} MiB alone: {}", LARGE, Percentiles.of(alone));
        log.info("{} MiB with {} HEADs of another upload a second: {}", LARGE, rate, Percentiles.of(beside));
        log.info("{} MiB with {} HEADs a second: {}", LARGE, rate, Percentiles.of(watched));
        log.info("answers: {}", statuses);
        assertThat(statuses.keySet()).isSubsetOf("HEAD 200");
        assertThat(Percentiles.of(watched).middle())
                .isLessThan(Percentiles.of(alone).middle().multipliedBy(10));
    }

    private URI create(NarwhalProcess server) throws Exception {
        return tus.create(server.uploads(), (long) LARGE * MIB, "large.bin");
    }

    private Duration transfer(NarwhalProcess server) throws Exception {
        return transfer(server, create(server));
    }

    /** The HEADs of another upload cost the same processor time, and ask nothing of the body. */
    private Duration transferWhileAsking(NarwhalProcess server, URI upload, URI asked) throws Exception {
        ConcurrentLinkedQueue<Integer> heads = new ConcurrentLinkedQueue<>();
        try (KeptHeads watching = new KeptHeads(asked);
                ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            clock.scheduleAtFixedRate(
                    () -> clients.execute(() -> heads.add(watching.ask())),
                    0,
                    HEADS_EVERY_MILLIS,
                    TimeUnit.MILLISECONDS);
            Duration took = transfer(server, upload);
            clock.shutdownNow();
            return took;
        } finally {
            heads.forEach(status -> statuses.merge("HEAD " + status, 1, Integer::sum));
        }
    }

    private Duration transfer(NarwhalProcess server, URI upload) throws Exception {
        Timed<Integer> patch = Timed.of(() -> {
            try (HandFedPatch body = HandFedPatch.begin(upload, 0, (long) LARGE * MIB)) {
                for (int i = 0; i < LARGE * MIB / SIZE; i++) {
                    body.send(content);
                }
                return body.status();
            }
        });
        assertThat(patch.answer()).isEqualTo(204);
        Files.delete(DeliveredFiles.in(server.delivered()).await(upload));
        return patch.took();
    }

    /** Of some durations. */
    private record Percentiles(List<Duration> sorted) {

        static Percentiles of(List<Duration> durations) {
            return new Percentiles(durations.stream().sorted().toList());
        }

        Duration middle() {
            return at(50);
        }

        private Duration at(int percent) {
            return sorted.get(Math.min(sorted.size() - 1, sorted.size() * percent / 100));
        }

        @Override
        public String toString() {
            return "n=%d p50=%d ms p90=%d ms p99=%d ms max=%d ms"
                    .formatted(
                            sorted.size(),
                            middle().toMillis(),
                            at(90).toMillis(),
                            at(99).toMillis(),
                            sorted.getLast().toMillis());
        }
    }
}
