package dev.narwhal.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.FaultRounds;
import dev.narwhal.testkit.NarwhalProcess;
import dev.narwhal.testkit.PlainTus;
import dev.narwhal.testkit.PostgresNode;
import dev.narwhal.testkit.S3Store;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** PostgreSQL goes away in every way under a server, its clients and its deliveries. */
@Tag("faults")
@Timeout(900)
class DatabaseFaultsIT {

    private static final Logger log = LoggerFactory.getLogger(DatabaseFaultsIT.class);
    private static final int MIB = 1 << 20;
    private static final int CLIENTS = 4;

    /** Longer than each time-out on the way to it; {@code -Dfaults.silence=600} (seconds) for longer. */
    private static final Duration SILENCE = Duration.ofSeconds(Integer.getInteger("faults.silence", 30));

    private static final String SOCKET_TIMEOUT = "socketTimeout=4";

    @TempDir
    Path dir;

    private final Random luck = FaultRounds.luck("DatabaseFaultsIT");

    /** Connections stay and nobody answers: what a stalled disk or a broken network looks like. */
    @Test
    void database_isSilent_answersAreBoundedAndEverythingResumes() throws Exception {
        try (PostgresNode database = PostgresNode.start(dir.resolve("pg"));
                S3Store store = S3Store.start(dir.resolve("s3"));
                NarwhalProcess server = start(store, database.settings(SOCKET_TIMEOUT))) {
            for (int round = 0; round < FaultRounds.times(1); round++) {
                inTheMiddle(server, store, () -> {
                    database.freeze();
                    try {
                        watch(server, SILENCE);
                    } finally {
                        database.thaw();
                    }
                    return null;
                });
            }
        }
    }

    @Test
    void database_isKilledAndStartedAgain_everythingResumes() throws Exception {
        try (PostgresNode database = PostgresNode.start(dir.resolve("pg"));
                S3Store store = S3Store.start(dir.resolve("s3"));
                NarwhalProcess server = start(store, database.settings(SOCKET_TIMEOUT))) {
            for (int round = 0; round < FaultRounds.times(1); round++) {
                inTheMiddle(server, store, () -> {
                    database.kill();
                    watch(server, Duration.ofSeconds(2));
                    database.restart();
                    return null;
                });
            }
        }
    }

    /** The primary dies for good; what it has acknowledged its synchronous replica has, too. */
    @Test
    void database_failsOverToASynchronousReplica_everythingResumes() throws Exception {
        for (int round = 0; round < FaultRounds.times(1); round++) {
            Path pair = dir.resolve("pair-" + round);
            try (PostgresNode primary = PostgresNode.start(pair.resolve("primary"));
                    PostgresNode replica = primary.replica(pair.resolve("replica"));
                    S3Store store = S3Store.start(pair.resolve("s3"));
                    NarwhalProcess server = start(
                            store,
                            PostgresNode.settings(
                                    "targetServerType=primary&" + SOCKET_TIMEOUT,
                                    primary.address() + "," + replica.address()))) {
                inTheMiddle(server, store, () -> {
                    primary.kill();
                    watch(server, Duration.ofSeconds(1));
                    replica.promote();
                    return null;
                });
            }
        }
    }

    /** Clients send and parts are delivered, something happens, and in the end every file is in the store, once. */
    private void inTheMiddle(NarwhalProcess server, S3Store store, Callable<Void> fault) throws Exception {
        try (Crowd crowd = Crowd.start(server.uploads(), 12 * MIB, 256 << 10, CLIENTS, luck)) {
            int begun = 20 + luck.nextInt(200);
            Awaitility.await().pollInterval(Duration.ofMillis(5)).until(() -> crowd.bodies() >= begun);
            Void unused = fault.call();
            crowd.assertAll((upload, content) -> isDelivered(store, upload, content));
            log.info("after {} bodies: {}", begun, crowd.answers());
            assertThat(crowd.answered("PATCH 503") + crowd.answered("POST 503"))
                    .as("the database was away")
                    .isPositive();
        }
        assertThat(store.multiparts()).isEmpty();
        assertThat(server.log()).doesNotContain("staging.damage", "request.failed");
    }

    private static void isDelivered(S3Store store, URI upload, byte[] content) {
        String id = upload.getPath().substring(upload.getPath().lastIndexOf('/') + 1);
        Awaitility.await("delivery of " + id)
                .atMost(Duration.ofSeconds(60))
                .until(() -> keys(store, id).size() == 1 && store.multiparts().isEmpty());
        assertThat(store.bytes(keys(store, id).getFirst())).isEqualTo(content);
    }

    private static List<String> keys(S3Store store, String id) {
        return store.keys().stream()
                .filter(key -> key.startsWith("uploads/" + id))
                .toList();
    }

    /** For so long, asks as clients and load balancers do; each answer comes in time and is the right one. */
    private static void watch(NarwhalProcess server, Duration time) throws Exception {
        try (PlainTus tus = new PlainTus()) {
            URI upload = server.root().resolve("files/" + "0".repeat(32));
            for (Instant end = Instant.now().plus(time); Instant.now().isBefore(end); ) {
                assertThat(Timed.of(() -> tus.head(upload)).statusCode()).isIn(423, 404);
                assertThat(Timed.of(() -> tus.tryCreate(server.uploads(), 1, "x"))
                                .statusCode())
                        .isIn(503, 201);
                assertThat(Health.status(server, "liveness")).isEqualTo(200);
            }
        }
    }

    private NarwhalProcess start(S3Store store, List<String> database) throws Exception {
        List<String> settings = new ArrayList<>(database);
        settings.addAll(store.settings());
        settings.addAll(List.of("--narwhal.destination.s3.part-size=5MB", "--narwhal.delivery.send-ahead-from=6MB"));
        return NarwhalProcess.start(dir.resolve("data-" + luck.nextLong()), settings.toArray(String[]::new));
    }
}
