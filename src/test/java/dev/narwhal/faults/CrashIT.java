package dev.narwhal.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.DeliveredFiles;
import dev.narwhal.testkit.FaultProxy;
import dev.narwhal.testkit.NarwhalProcess;
import dev.narwhal.testkit.PlainTus;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * SIGKILL in the middle, and what the client finds afterwards: what every build looks at. {@link CrashHarnessIT} does it at
 * length.
 */
@Tag("process")
class CrashIT {

    private static final int MIB = 1 << 20;

    @TempDir
    Path dir;

    @Test
    void kill_whilePatchesRun_losesNothingAcknowledged() throws Exception {
        byte[] content = random(48 * MIB, 1);
        Path expected = Files.write(dir.resolve("expected"), content);
        Random moments = new Random(7);
        try (NarwhalProcess server = NarwhalProcess.start(dir.resolve("data"));
                PlainTus tus = new PlainTus()) {
            URI upload = tus.create(server.uploads(), content.length, "crash.bin");
            long offset = 0;
            for (int round = 0; round < 3; round++) {
                AtomicLong acknowledged = new AtomicLong(offset);
                long killAt = offset + 1 + moments.nextInt(12 * MIB);
                uploadUntilKilled(tus, upload, content, acknowledged, killAt, server);
                server.restart();
                offset = tus.offset(upload);
                assertThat(offset).isBetween(acknowledged.get(), (long) content.length);
            }
            assertThat(tus.patch(upload, offset, Arrays.copyOfRange(content, (int) offset, content.length))
                            .statusCode())
                    .isEqualTo(204);
            DeliveredFiles.in(server.delivered()).assertHolds(upload, expected);
        }
    }

    /** Chunks of 1 MiB one after the other on another thread; killed when the client has been told {@code killAt}. */
    private static void uploadUntilKilled(
            PlainTus tus, URI upload, byte[] content, AtomicLong acknowledged, long killAt, NarwhalProcess server)
            throws Exception {
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> client = executor.submit(() -> {
                while (acknowledged.get() < content.length) {
                    int from = (int) acknowledged.get();
                    byte[] chunk = Arrays.copyOfRange(content, from, Math.min(content.length, from + MIB));
                    HttpResponse<String> answer = tus.patch(upload, from, chunk);
                    assertThat(answer.statusCode()).isEqualTo(204);
                    acknowledged.set(from + chunk.length);
                }
                return null;
            });
            Awaitility.await()
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> acknowledged.get() >= killAt || client.isDone());
            server.kill();
        }
    }

    /** T127: more than a checkpoint's worth is in the file when the process dies, and none of it may ever be seen. */
    @Test
    void kill_inABodyWithAChecksum_leavesTheOffsetWhereItBegan() throws Exception {
        byte[] content = random(100 * MIB, 4);
        byte[] rest = Arrays.copyOfRange(content, MIB, content.length);
        String checksum = "sha256 "
                + Base64.getEncoder()
                        .encodeToString(MessageDigest.getInstance("SHA-256").digest(rest));
        Path expected = Files.write(dir.resolve("expected"), content);
        try (NarwhalProcess server = NarwhalProcess.start(dir.resolve("data"));
                FaultProxy line = FaultProxy.to(server.root());
                PlainTus tus = new PlainTus()) {
            URI upload = tus.create(server.uploads(), content.length, "verified.bin");
            assertThat(tus.patch(upload, 0, Arrays.copyOf(content, MIB)).statusCode())
                    .isEqualTo(204);
            byte[] unverified = random(content.length - MIB, 5);
            line.holdAfter(90L * MIB);
            try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
                executor.submit(() ->
                        tus.patchStreaming(line.through(upload), MIB, new ByteArrayInputStream(unverified), checksum));
                Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> staged(server) > 80L * MIB);
                assertThat(tus.offset(upload)).isEqualTo(MIB);
                server.kill();
                line.reset();
            }
            assertThat(staged(server)).isGreaterThan(80L * MIB);
            server.restart();
            assertThat(tus.offset(upload)).isEqualTo(MIB);
            assertThat(tus.patchStreaming(upload, MIB, new ByteArrayInputStream(rest), checksum)
                            .statusCode())
                    .isEqualTo(204);
            DeliveredFiles.in(server.delivered()).assertHolds(upload, expected);
        }
    }

    /** Bytes in the staging's largest file. */
    private static long staged(NarwhalProcess server) throws IOException {
        try (Stream<Path> files = Files.walk(server.dataDir().resolve("staging"))) {
            return files.mapToLong(file -> file.toFile().length()).max().orElse(0);
        }
    }

    @Test
    void kill_beforeDelivery_isDeliveredAfterTheRestart() throws Exception {
        byte[] content = random(3 * MIB, 3);
        Path expected = Files.write(dir.resolve("expected"), content);
        try (NarwhalProcess server = NarwhalProcess.start(dir.resolve("data"));
                PlainTus tus = new PlainTus()) {
            URI upload = tus.create(server.uploads(), content.length, "last.bin");
            assertThat(tus.patch(upload, 0, content).statusCode()).isEqualTo(204);
            server.kill();
            server.restart();
            assertThat(tus.offset(upload)).isEqualTo(content.length);
            DeliveredFiles.in(server.delivered()).assertHolds(upload, expected);
        }
    }

    private static byte[] random(int size, long seed) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }
}
