package dev.narwhal.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.DeliveredFiles;
import dev.narwhal.testkit.FaultRounds;
import dev.narwhal.testkit.NarwhalProcess;
import dev.narwhal.testkit.PlainTus;
import dev.narwhal.testkit.PostgresNode;
import dev.narwhal.testkit.SmallDisk;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A disk that takes nothing any more, and staged files that are not what their rows say. */
@Tag("faults")
@Timeout(600)
class BadStorageIT {

    private static final Logger log = LoggerFactory.getLogger(BadStorageIT.class);
    private static final int MIB = 1 << 20;
    private static final int CLIENTS = 6;

    @TempDir
    Path dir;

    private final Random luck = FaultRounds.luck("BadStorageIT");

    /**
     * The kernel gives the file system up in the middle of uploads: what is not on the disk by then never will be. Until the
     * machine is started again nothing more is acknowledged; afterwards everything that was is there.
     */
    @Test
    void disk_turnsReadOnly_nothingIsAcknowledgedFalsely() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(SmallDisk.Kind.EXT4, dir, 160);
                NarwhalProcess server = start(disk, List.of());
                PlainTus tus = new PlainTus()) {
            for (int round = 0; round < FaultRounds.times(1); round++) {
                try (Crowd crowd = crowd(server)) {
                    dieInTheMiddle(disk, crowd);
                    assertThat(tus.tryCreate(server.uploads(), 1, "x").statusCode())
                            .isIn(500, 503);
                    goOn(server, disk, crowd);
                }
            }
        }
    }

    /** The same with the rows elsewhere: whoever asks is told the truth all the time. */
    @Test
    void disk_turnsReadOnlyAndTheDatabaseDoesNot_offsetsAreStillTold() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(SmallDisk.Kind.EXT4, dir, 160);
                PostgresNode database = PostgresNode.start(dir.resolve("pg"));
                NarwhalProcess server = start(disk, database.settings(""));
                PlainTus tus = new PlainTus()) {
            URI upload = tus.create(server.uploads(), 10, "told.bin");
            assertThat(tus.patch(upload, 0, "hello".getBytes()).statusCode()).isEqualTo(204);
            for (int round = 0; round < FaultRounds.times(1); round++) {
                try (Crowd crowd = crowd(server)) {
                    dieInTheMiddle(disk, crowd);
                    assertThat(tus.offset(upload)).isEqualTo(5);
                    isRefusedClearly(tus.patch(upload, 5, "world".getBytes()));
                    isRefusedClearly(tus.tryCreate(server.uploads(), 1, "x"));
                    assertThat(tus.offset(upload)).isEqualTo(5);
                    goOn(server, disk, crowd);
                }
            }
            assertThat(tus.offset(upload)).isEqualTo(5);
        }
    }

    /** As on FAT32, whose files end at 4 GiB: that upload is told so, and nobody else notices. */
    @Test
    void upload_largerThanAnyFile_isToldSo() throws Exception {
        byte[] content = new byte[24 * MIB];
        luck.nextBytes(content);
        try (NarwhalProcess server = NarwhalProcess.start(dir.resolve("data"));
                PlainTus tus = new PlainTus()) {
            limitFiles(server, String.valueOf(20 * MIB));
            URI upload = tus.create(server.uploads(), content.length, "large.bin");
            int fits = 20 * MIB - 1_000;
            assertThat(tus.patch(upload, 0, Arrays.copyOf(content, fits)).statusCode())
                    .isEqualTo(204);
            for (int i = 0; i < 2; i++) {
                HttpResponse<String> refused =
                        tus.patch(upload, fits, Arrays.copyOfRange(content, fits, fits + 65_536));
                assertThat(refused.statusCode()).isEqualTo(413);
                assertThat(refused.body()).contains("FILE_TOO_LARGE");
                assertThat(tus.offset(upload)).isEqualTo(fits);
            }
            assertThat(server.log()).contains("staging.file-too-large").doesNotContain("staging.direct-write-failed");
            URI other = tus.create(server.uploads(), MIB, "other.bin");
            assertThat(tus.patch(other, 0, Arrays.copyOf(content, MIB)).statusCode())
                    .isEqualTo(204);
            limitFiles(server, "unlimited");
            byte[] rest = Arrays.copyOfRange(content, fits, content.length);
            assertThat(tus.patch(upload, fits, rest).statusCode()).isEqualTo(204);
        }
    }

    private static void limitFiles(NarwhalProcess server, String bytes) throws Exception {
        Process prlimit = new ProcessBuilder(
                        "prlimit", "--pid", String.valueOf(server.pid()), "--fsize=" + bytes + ":unlimited")
                .inheritIO()
                .start();
        assertThat(prlimit.waitFor()).isZero();
    }

    private static NarwhalProcess start(SmallDisk disk, List<String> database) throws IOException {
        List<String> settings = new ArrayList<>(database);
        settings.add("--narwhal.staging.reserve=16MB");
        return NarwhalProcess.start(disk.root().resolve("data"), settings.toArray(String[]::new));
    }

    private Crowd crowd(NarwhalProcess server) {
        return Crowd.start(server.uploads(), 8 * MIB, 128 << 10, CLIENTS, luck);
    }

    private void dieInTheMiddle(SmallDisk disk, Crowd crowd) throws IOException {
        int begun = 10 + luck.nextInt(150);
        Awaitility.await().until(() -> crowd.bodies() >= begun);
        disk.die();
        int before = crowd.failed();
        // With H2 on that disk each request waits for a connection first.
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> crowd.failed() >= before + 3 * CLIENTS);
    }

    private void goOn(NarwhalProcess server, SmallDisk disk, Crowd crowd) throws Exception {
        assertThat(Health.status(server, "liveness")).isEqualTo(200);
        server.kill();
        disk.revive();
        server.restart();
        try {
            crowd.assertAll((upload, content) -> isDelivered(server, upload, content));
        } catch (ExecutionException e) {
            throw new AssertionError(errors(server), e);
        }
        log.info("{}", crowd.answers());
    }

    /** The last of them: those of the disk's death come first, and are many. */
    private static String errors(NarwhalProcess server) {
        List<String> errors = server.log()
                .lines()
                .filter(line -> line.contains(" ERROR ") || line.startsWith("Caused by"))
                .distinct()
                .toList();
        return String.join("\n", errors.subList(Math.max(0, errors.size() - 50), errors.size()));
    }

    private static void isRefusedClearly(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).isIn(500, 507);
        assertThat(answer.headers().firstValue("Tus-Resumable")).contains("1.0.0");
        assertThat(answer.body()).doesNotContain("Exception", "/");
    }

    private void isDelivered(NarwhalProcess server, URI upload, byte[] content) throws Exception {
        DeliveredFiles delivered = DeliveredFiles.in(server.delivered());
        delivered.assertHolds(upload, Files.write(dir.resolve("expected"), content));
        Files.delete(delivered.await(upload));
    }

    @Test
    void stagedFile_isGoneOrShort_isSaidForThatUploadAlone() throws Exception {
        try (NarwhalProcess server = NarwhalProcess.start(dir.resolve("data"));
                PlainTus tus = new PlainTus()) {
            URI gone = begun(server, tus);
            URI cut = begun(server, tus);
            URI good = begun(server, tus);
            Files.delete(staged(server, gone));
            try (RandomAccessFile file =
                    new RandomAccessFile(staged(server, cut).toFile(), "rw")) {
                file.setLength(4);
            }
            for (URI bad : List.of(gone, cut)) {
                HttpResponse<String> answer = tus.patch(bad, 5, "world".getBytes());
                assertThat(answer.statusCode()).isEqualTo(500);
                assertThat(answer.body()).contains("STORAGE_DAMAGED");
                assertThat(tus.offset(bad)).as("the row is not moved").isEqualTo(5);
            }
            assertThat(staged(server, gone)).doesNotExist();
            assertThat(staged(server, cut)).hasSize(4);
            server.kill();
            server.restart();
            assertThat(server.log()).contains("recovery.damaged");
            assertThat(tus.patch(good, 5, "world".getBytes()).statusCode()).isEqualTo(204);
            isDelivered(server, good, "helloworld".getBytes());
            for (URI bad : List.of(gone, cut)) {
                assertThat(tus.delete(bad).statusCode()).isEqualTo(204);
                assertThat(tus.head(bad).statusCode()).isEqualTo(404);
            }
        }
    }

    private static URI begun(NarwhalProcess server, PlainTus tus) throws Exception {
        URI upload = tus.create(server.uploads(), 10, "some.bin");
        assertThat(tus.patch(upload, 0, "hello".getBytes()).statusCode()).isEqualTo(204);
        return upload;
    }

    private static Path staged(NarwhalProcess server, URI upload) {
        String id = upload.getPath().substring(upload.getPath().lastIndexOf('/') + 1);
        return server.dataDir().resolve("staging").resolve(id.substring(0, 2)).resolve(id);
    }
}
