package dev.narwhal.conformance;

import static dev.narwhal.conformance.Item.Level.I;
import static dev.narwhal.conformance.ResponseAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.NarwhalProcess;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What clients see when the disk is full or its files are spoilt, and before a creation is answered. */
@Tag("process")
class FaultSettingsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @TempDir
    private Path dir;

    @BeforeAll
    static void own() {
        TusServer.assumeStartable();
    }

    @Test
    @Item(value = 56, level = I)
    @DisplayName("T56 A full disk gets 5xx and keeps what was stored; with room again the upload goes on")
    void t56_disk_isFull() throws IOException {
        String path;
        try (NarwhalProcess roomy = TusServer.startOwn(dir.resolve("data"))) {
            TusClient tus = new TusClient(roomy.uploads());
            URI upload = tus.create(6);
            tus.append(upload, 0, "abc");
            path = upload.getPath();
        }
        try (NarwhalProcess full = TusServer.startOwn(dir.resolve("data"), "--narwhal.staging.reserve=1000000TB")) {
            TusClient tus = new TusClient(full.uploads());
            URI upload = full.root().resolve(path);
            assertThat(tus.send(tus.patch(upload, 3).body("def")))
                    .hasStatus(507)
                    .hasHeader("Tus-Resumable", "1.0.0");
            assertThat(tus.send(tus.post(6).body(""))).hasStatus(507).hasHeader("Tus-Resumable", "1.0.0");
            assertThat(tus.offset(upload)).isEqualTo(3);
        }
        try (NarwhalProcess again = TusServer.startOwn(dir.resolve("data"))) {
            TusClient tus = new TusClient(again.uploads());
            tus.append(again.root().resolve(path), 3, "def");
            tus.holds(again.root().resolve(path), "abcdef");
        }
    }

    @Test
    @Item(value = 166, level = I)
    @DisplayName("T166 A failure inside the server is a 5xx with the headers of tus and CORS, and of that upload alone")
    void t166_failure_insideTheServer() throws IOException {
        try (NarwhalProcess server = TusServer.startOwn(dir.resolve("data"))) {
            TusClient tus = new TusClient(server.uploads());
            URI upload = tus.create(10);
            tus.append(upload, 0, "abcdef");
            try (RandomAccessFile file =
                    new RandomAccessFile(staged(server).getFirst().toFile(), "rw")) {
                file.setLength(2);
            }
            RawResponse answer = tus.send(tus.patch(upload, 6)
                    .header("Origin", "https://app.example.org")
                    .body("ghij"));
            assertThat(answer)
                    .hasStatus(500)
                    .hasHeader("Tus-Resumable", "1.0.0")
                    .hasHeader("Access-Control-Allow-Origin")
                    .lists("Access-Control-Expose-Headers", "Upload-Offset");
            assertThat(answer.text()).doesNotContain(dir.toString(), "Exception", "\tat ");
            tus.holds(tus.finished("abc"), "abc");
        }
    }

    @Test
    @Item(value = 106, level = I)
    @DisplayName("T106 While a creation's body comes, another request waits for it or takes over; bytes never mix")
    void t106_creation_isLockedWhileItsBodyComes() throws IOException {
        try (NarwhalProcess server = TusServer.startOwn(dir.resolve("data"))) {
            TusClient tus = new TusClient(server.uploads());
            // Enough for a first write, which creates the file.
            String first = "a".repeat(20_000);
            RawRequest creation = tus.post(20_003).header("Content-Type", TusClient.OFFSET_TYPE);
            try (RawHttp http = tus.begin(creation.announcing(20_003)).send(first)) {
                // Only the server's owner can know the URL before the 201.
                Awaitility.await("the file of the new upload")
                        .atMost(PATIENCE)
                        .until(() -> staged(server).size() == 1);
                URI upload = URI.create(
                        server.uploads() + "/" + staged(server).getFirst().getFileName());
                // Its row comes with its bytes: to whoever guesses the id there is no such upload, and the body goes
                // on.
                assertThat(tus.head(upload)).hasStatus(404);
                assertThat(tus.send(tus.patch(upload, 0).body("XYZ"))).hasStatus(404);
                assertThat(http.send("def").read()).hasStatus(201).hasHeader("Upload-Offset", "20003");
                tus.holds(upload, first + "def");
            }
        }
    }

    private static List<Path> staged(NarwhalProcess server) {
        try (Stream<Path> files = Files.walk(server.dataDir().resolve("staging"))) {
            return files.filter(file -> file.getFileName().toString().matches("[0-9a-f]{32}"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
