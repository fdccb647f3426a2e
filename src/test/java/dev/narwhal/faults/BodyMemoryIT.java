package dev.narwhal.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.NarwhalProcess;
import dev.narwhal.testkit.PlainTus;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** More bodies at once than a small heap has room for: each is received or refused, and memory never runs out. */
@Tag("faults")
@Timeout(value = 600, unit = TimeUnit.SECONDS)
class BodyMemoryIT {

    private static final List<String> SMALL_HEAP = List.of("-Xmx512m");
    private static final Duration PATIENCE = Duration.ofSeconds(180);

    @TempDir
    private Path dir;

    @Test
    void streams_100OnEachOf50Connections_areReceivedOrRefused() throws Exception {
        try (NarwhalProcess server = NarwhalProcess.start(dir.resolve("data"), SMALL_HEAP, List.of());
                PlainTus tus = new PlainTus()) {
            URI upload = tus.create(server.uploads(), 5, "five");
            try (HeldStreams streams = HeldStreams.begin(server.uploads(), 50, 100)) {
                awaitWithHeads(
                        upload,
                        () -> streams.ended() + server.metric("narwhal_bodies_active") == 5_000 && isFull(server));
                assertThat(streams.lost()).isZero();
            }
            assertWell(server, upload);
        }
    }

    @Test
    void bodies_8000OverSlowConnections_areReceivedOrRefused() throws Exception {
        try (NarwhalProcess server = NarwhalProcess.start(dir.resolve("data"), SMALL_HEAP, List.of());
                PlainTus tus = new PlainTus()) {
            URI upload = tus.create(server.uploads(), 5, "five");
            try (HeldBodies bodies = HeldBodies.begin(server.uploads(), 8_000)) {
                awaitWithHeads(upload, () -> bodies.begun() == 8_000 && isFull(server));
                for (int i = 0; i < 50; i++) {
                    assertHead(upload);
                }
                assertThat(bodies.ends().keySet()).contains("HTTP/1.1 503");
            }
            assertWell(server, upload);
        }
    }

    /** Where nobody bounds it, the process ends; what would be left of it serves nobody. */
    @Test
    void memory_runsOut_andTheProcessEnds() throws Exception {
        try (NarwhalProcess server = NarwhalProcess.start(
                        dir.resolve("data"),
                        List.of("-Xmx128m"),
                        List.of("--narwhal.limits.body-memory=10GB", "--server.tomcat.max-connections=20000"));
                HeldStreams streams = HeldStreams.begin(server.uploads(), 20, 100)) {
            Awaitility.await().atMost(PATIENCE).until(() -> !server.isAlive());
            assertThat(server.awaitExit()).isEqualTo(3);
            assertThat(server.log()).contains("Narwhal ends: memory has run out");
            assertThat(streams.ended()).isLessThan(2_000);
        }
    }

    /** HEAD is asked all the while, each time on a connection of its own. */
    private static void awaitWithHeads(URI upload, Callable<Boolean> condition) {
        Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(500)).until(() -> {
            assertHead(upload);
            return condition.call();
        });
        assertHead(upload);
    }

    /** No body more finds memory, and some have not. */
    private static boolean isFull(NarwhalProcess server) throws Exception {
        return server.metric("narwhal_bodies_memory_bytes") > 0.99 * server.metric("narwhal_bodies_memory_limit_bytes")
                && server.metric("narwhal_bodies_refused_total") > 0;
    }

    private static void assertHead(URI upload) {
        try (PlainTus tus = new PlainTus()) {
            assertThat(tus.offset(upload)).isZero();
        } catch (Exception e) {
            throw new AssertionError("HEAD was not answered", e);
        }
    }

    private static void assertWell(NarwhalProcess server, URI upload) throws Exception {
        Awaitility.await().atMost(PATIENCE).until(() -> server.metric("narwhal_bodies_memory_bytes") == 0);
        try (PlainTus tus = new PlainTus()) {
            assertThat(tus.patch(upload, 0, new byte[5]).statusCode()).isEqualTo(204);
        }
        assertThat(server.isAlive()).isTrue();
        assertThat(server.log()).doesNotContain("OutOfMemoryError");
    }
}
