package dev.narwhal.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.DeliveredFiles;
import dev.narwhal.testkit.HandFedPatch;
import dev.narwhal.testkit.NarwhalProcess;
import dev.narwhal.testkit.PlainTus;
import dev.narwhal.testkit.PostgresNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A copied data directory and its original, over one PostgreSQL: a cloned machine, a restored disk. */
@Tag("faults")
@Timeout(value = 240, unit = TimeUnit.SECONDS)
class CopiedVolumeIT {

    @TempDir
    private Path dir;

    private final PlainTus tus = new PlainTus();

    @Test
    void start_onACopy_whileTheOwnerLives_stopsWithASentence() throws Exception {
        try (PostgresNode database = PostgresNode.start(dir.resolve("postgres"))) {
            String[] shared = shared(database);
            try (NarwhalProcess owner = NarwhalProcess.start(dir.resolve("left"), shared)) {
                URI upload = begun(owner);
                try (NarwhalProcess copy = NarwhalProcess.launch(copyOf(owner), shared)) {
                    assertThat(copy.awaitExit()).isEqualTo(1);
                    assertThat(copy.log())
                            .contains("Narwhal cannot start: ")
                            .contains("belongs to another process")
                            .contains("process " + owner.pid() + " on ")
                            .contains("narwhal.data-dir");
                }
                assertThat(tus.patch(upload, 5, "world".getBytes()).statusCode())
                        .isEqualTo(204);
                DeliveredFiles.in(owner.delivered()).assertHolds(upload, expected());

                // It is the same lock: nobody is waited for.
                owner.kill();
                owner.restart();
                assertThat(owner.log()).doesNotContain("volume.watched", "volume.taken-over");

                // Given back: nor does a copy wait.
                owner.stop();
                try (NarwhalProcess moved = NarwhalProcess.start(dir.resolve("copy"), shared)) {
                    assertThat(moved.log()).doesNotContain("volume.watched", "volume.taken-over");
                }
            }
        }
    }

    @Test
    void ownerThatWasPaused_findsThatACopyHasItsVolume_andEnds() throws Exception {
        try (PostgresNode database = PostgresNode.start(dir.resolve("postgres"))) {
            String[] shared = shared(database);
            try (NarwhalProcess owner = NarwhalProcess.start(dir.resolve("left"), shared)) {
                URI upload = begun(owner);
                Path copied = copyOf(owner);
                try (HandFedPatch body = HandFedPatch.begin(upload, 5, 5)) {
                    double before = owner.metric("narwhal_bodies_received_bytes_total");
                    body.send("xxx".getBytes());
                    Awaitility.await().until(() -> owner.metric("narwhal_bodies_received_bytes_total") == before + 3);
                    owner.pause();
                    try (NarwhalProcess copy = NarwhalProcess.start(copied, shared)) {
                        assertThat(copy.log()).contains("volume.taken-over");
                        owner.resume();
                        body.sendLate("xx".getBytes());

                        assertThat(owner.awaitExit()).isEqualTo(1);
                        assertThat(owner.log()).contains("volume.lost").contains("process " + copy.pid() + " on ");
                        URI there = copy.root().resolve(upload.getPath());
                        assertThat(tus.offset(there)).isEqualTo(5);
                        assertThat(tus.patch(there, 5, "world".getBytes()).statusCode())
                                .isEqualTo(204);
                        DeliveredFiles.in(copy.delivered()).assertHolds(there, expected());
                        assertThat(copy.isAlive()).isTrue();
                        assertThat(copy.log()).doesNotContain("staging.damage");
                    }
                }
            }
        }
    }

    private static String[] shared(PostgresNode database) {
        return Stream.concat(
                        database.settings("connectTimeout=2").stream(), Stream.of("--narwhal.upload.sweep-interval=1s"))
                .toArray(String[]::new);
    }

    private Path expected() throws IOException {
        return Files.writeString(dir.resolve("expected"), "helloworld");
    }

    private URI begun(NarwhalProcess server) throws Exception {
        URI upload = tus.create(server.uploads(), 10, "copied.txt");
        assertThat(tus.patch(upload, 0, "hello".getBytes()).statusCode()).isEqualTo(204);
        return upload;
    }

    private Path copyOf(NarwhalProcess server) throws IOException {
        Path copy = dir.resolve("copy");
        try (Stream<Path> files = Files.walk(server.dataDir())) {
            files.forEach(file ->
                    copy(file, copy.resolve(server.dataDir().relativize(file).toString())));
        }
        return copy;
    }

    private static void copy(Path file, Path to) {
        try {
            Files.copy(file, to, StandardCopyOption.COPY_ATTRIBUTES);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
