package dev.narwhal.operations;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.NarwhalProcess;
import dev.narwhal.testkit.PlainTus;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * This jar goes on with the data directory of an older one that was killed: {@code src/test/resources/data-f15d57b}, where a
 * README says what is in it.
 */
@Timeout(180)
class UpgradeIT {

    private static final String FIXTURE = "/data-f15d57b/";
    private static final int LINE = 16;

    @TempDir
    private Path dir;

    private final Properties known = new Properties();
    private final PlainTus tus = new PlainTus();
    private NarwhalProcess server;

    @BeforeEach
    void startOnTheOldData() throws IOException {
        try (InputStream in = UpgradeIT.class.getResourceAsStream(FIXTURE + "uploads.properties")) {
            known.load(in);
        }
        Path data = dir.resolve("data");
        unzip(data);
        server = NarwhalProcess.start(
                data,
                "--narwhal.destinations.away.type=directory",
                "--narwhal.destinations.away.directory.path=" + data.resolve("away"),
                "--narwhal.delivery.rules[0].destination=away",
                "--narwhal.delivery.rules[0].metadata.to=away",
                "--narwhal.upload.expire-after=3650d",
                "--narwhal.cleanup.keep-tombstones=0",
                "--management.endpoints.web.exposure.include=*");
    }

    @AfterEach
    void stop() throws IOException {
        if (server != null) {
            server.close();
        }
        tus.close();
    }

    @Test
    void dataOfAnOlderJar_killedInMidPatch_isGoneOnWith() throws Exception {
        isToldWhatWasAcknowledged();
        isAnsweredAsBefore();
        interruptedUpload_isFinishedAndDelivered();
        partials_finishTheirFinal();
        deferredUpload_isFinished();
        newUpload_isReceivedAsEver();
        waitingDelivery_isMade();
        failedDelivery_isRetriedByHand();
        isNothingLeftToDeliver();
        assertThat(server.log()).doesNotContain("staging.damage", "ERROR");
    }

    private void isToldWhatWasAcknowledged() throws Exception {
        assertThat(tus.offset(upload("interrupted"))).isEqualTo(acknowledged());
        assertThat(tus.offset(upload("partial"))).isEqualTo(600);
        assertThat(tus.offset(upload("finished-partial"))).isEqualTo(500);
        assertThat(tus.offset(upload("deferred"))).isEqualTo(48);
        assertThat(tus.offset(upload("waiting"))).isEqualTo(200_000);
    }

    private void isAnsweredAsBefore() throws Exception {
        assertThat(download(upload("delivered"))).isEqualTo(content(100_000));
        assertThat(download(upload("empty"))).isEmpty();
        assertThat(download(upload("waiting"))).isEqualTo(content(200_000));
        assertThat(download(upload("failed"))).isEqualTo(content(64));
        assertThat(tus.head(upload("expired")).statusCode()).isEqualTo(410);
        assertThat(tus.head(upload("terminated")).statusCode()).isIn(404, 410);
    }

    private void interruptedUpload_isFinishedAndDelivered() throws Exception {
        finish("interrupted", content(3_000_000));
        awaitFile(server.delivered(), "interrupted", "interrupted.txt", content(3_000_000));
        assertThat(download(upload("interrupted"))).isEqualTo(content(3_000_000));
    }

    private void partials_finishTheirFinal() throws Exception {
        finish("partial", content(1_000));
        byte[] joined = Arrays.copyOf(content(500), 1_500);
        System.arraycopy(content(1_000), 0, joined, 500, 1_000);
        awaitFile(server.delivered(), "final", "joined.txt", joined);
    }

    private void deferredUpload_isFinished() throws Exception {
        List<String> declaration = List.of(
                "Upload-Offset", "48", "Upload-Length", "48", "Content-Type", "application/offset+octet-stream");
        assertThat(tus.request("PATCH", upload("deferred"), new byte[0], declaration)
                        .statusCode())
                .isEqualTo(204);
        awaitFile(server.delivered(), "deferred", "deferred.txt", content(48));
    }

    private void newUpload_isReceivedAsEver() throws Exception {
        URI fresh = tus.create(server.uploads(), 64, "new.txt");
        assertThat(tus.patch(fresh, 0, content(64)).statusCode()).isEqualTo(204);
        assertThat(download(fresh)).isEqualTo(content(64));
    }

    private void waitingDelivery_isMade() throws IOException {
        awaitFile(server.dataDir().resolve("away"), "waiting", "waiting.txt", content(200_000));
    }

    private void failedDelivery_isRetriedByHand() throws Exception {
        Path taken = file(server.delivered(), "failed", "failed.txt");
        assertThat(taken).hasContent("somebody else's");
        Files.delete(taken);
        URI delivery = server.root().resolve("actuator/deliveries/" + id("failed"));
        assertThat(tus.request("POST", delivery, new byte[0], List.of()).statusCode())
                .isEqualTo(204);
        awaitFile(server.delivered(), "failed", "failed.txt", content(64));
    }

    /** What is left staged is the partials', which live until they expire. */
    private void isNothingLeftToDeliver() {
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> staged() == 2);
    }

    private long staged() throws IOException {
        try (var files = Files.walk(server.dataDir().resolve("staging"))) {
            return files.filter(file -> file.getFileName().toString().length() == 32)
                    .count();
        }
    }

    private byte[] download(URI upload) throws Exception {
        return tus.request("GET", upload, new byte[0], List.of()).body();
    }

    private void finish(String name, byte[] whole) throws Exception {
        int offset = (int) tus.offset(upload(name));
        assertThat(tus.patch(upload(name), offset, Arrays.copyOfRange(whole, offset, whole.length))
                        .statusCode())
                .isEqualTo(204);
    }

    private void awaitFile(Path destination, String upload, String name, byte[] content) throws IOException {
        Path file = file(destination, upload, name);
        Awaitility.await(name).atMost(Duration.ofSeconds(60)).until(() -> Files.exists(file));
        assertThat(Files.readAllBytes(file)).isEqualTo(content);
    }

    private Path file(Path destination, String upload, String name) {
        return destination.resolve("uploads").resolve(id(upload)).resolve(name);
    }

    private String id(String name) {
        return known.getProperty(name).replaceFirst(".*/", "");
    }

    private URI upload(String name) {
        return server.root().resolve(known.getProperty(name));
    }

    private int acknowledged() {
        return Integer.parseInt(known.getProperty("acknowledged"));
    }

    /** What make.py has sent: lines of 16 bytes, each with its number. */
    private static byte[] content(int size) {
        StringBuilder lines = new StringBuilder();
        for (int line = 0; line <= size / LINE; line++) {
            lines.append("%015d%n".formatted(line).replace(System.lineSeparator(), "\n"));
        }
        return Arrays.copyOf(lines.toString().getBytes(US_ASCII), size);
    }

    private static void unzip(Path data) throws IOException {
        try (ZipInputStream zip = new ZipInputStream(UpgradeIT.class.getResourceAsStream(FIXTURE + "data.zip"))) {
            Files.createDirectories(data);
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path path = data.resolve(entry.getName());
                if (entry.isDirectory()) {
                    Files.createDirectories(path);
                } else {
                    Files.copy(zip, path);
                }
            }
        }
    }
}
