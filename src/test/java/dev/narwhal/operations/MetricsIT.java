package dev.narwhal.operations;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.PlainTus;
import dev.narwhal.testkit.ServerInProcess;
import dev.narwhal.testkit.SettableClock;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a running server exports after real uploads; {@code docs/metrics.md} lists it, each meter and no other. */
class MetricsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Pattern ROW =
            Pattern.compile("^\\| `(narwhal_\\w+)` \\| (\\w+) \\| (.+?) \\| .+ \\|$", Pattern.MULTILINE);

    @TempDir
    Path dir;

    private final PlainTus tus = new PlainTus();
    private final SettableClock clock = new SettableClock();
    private ServerInProcess server;
    private URI root;
    private URI files;

    @BeforeEach
    void start() {
        server = ServerInProcess.start(
                dir.resolve("data"),
                application ->
                        application.initializers(early -> early.getBeanFactory().registerSingleton("testClock", clock)),
                "--narwhal.destination.key-template={filename}");
        root = server.root();
        files = server.uploads();
    }

    @AfterEach
    void stop() {
        tus.close();
        server.close();
    }

    @Test
    void export_isWhatThePageLists() throws Exception {
        URI upload = tus.create(files, 3, "a");
        tus.patch(upload, 0, new byte[3]);
        awaitMoved("narwhal_deliveries_delivered_bytes_total{destination=\"default\"}", 3);

        String page = Files.readString(Path.of("docs/metrics.md"));
        Map<String, String> documented = new TreeMap<>();
        ROW.matcher(page).results().forEach(row -> documented.put(row.group(1), row.group(2) + " " + labels(row)));

        assertThat(documented).isEqualTo(Scrape.of(root).meters());
    }

    private static TreeSet<String> labels(MatchResult row) {
        TreeSet<String> labels = new TreeSet<>();
        Pattern.compile("`([a-z_]+)`").matcher(row.group(3)).results().forEach(label -> labels.add(label.group(1)));
        return labels;
    }

    @Test
    void upload_fromItsCreationToItsDelivery_isCounted() throws Exception {
        URI upload = tus.create(files, 10, "whole.bin");
        assertThat(tus.patch(upload, 0, new byte[4]).statusCode()).isEqualTo(204);
        assertThat(tus.patch(upload, 4, new byte[6]).statusCode()).isEqualTo(204);
        URI part = tus.partial(files, new byte[5]);
        tus.concatenate(files, "final.bin", List.of(part));
        tus.create(files, 0, "empty");

        awaitMoved("narwhal_deliveries_delivered_bytes_total{destination=\"default\"}", 15);
        awaitMoved("narwhal_deliveries_pending{destination=\"default\"}", 0);
        Scrape after = Scrape.of(root);
        assertThat(after.value("narwhal_uploads_started_total{kind=\"whole\"}")).isEqualTo(2);
        assertThat(after.value("narwhal_uploads_started_total{kind=\"partial\"}"))
                .isEqualTo(1);
        assertThat(after.value("narwhal_uploads_started_total{kind=\"final\"}")).isEqualTo(1);
        assertThat(after.value("narwhal_uploads_finished_total{kind=\"whole\"}"))
                .isEqualTo(2);
        assertThat(after.value("narwhal_uploads_finished_total{kind=\"partial\"}"))
                .isEqualTo(1);
        assertThat(after.value("narwhal_bodies_received_bytes_total")).isEqualTo(15);
        assertThat(after.value("narwhal_bodies_duration_seconds_count")).isEqualTo(3);
        assertThat(after.value("narwhal_bodies_first_byte_seconds_count")).isEqualTo(3);
        assertThat(after.value("narwhal_deliveries_duration_seconds_count{destination=\"default\"}"))
                .isEqualTo(3);
        assertThat(after.value("narwhal_deliveries_oldest_seconds{destination=\"default\"}"))
                .isZero();
        assertThat(after.value("narwhal_staging_free_bytes")).isPositive();
    }

    @Test
    void upload_thatIsEndedOrForgotten_isCounted() throws Exception {
        URI ended = tus.create(files, 10, "ended");
        assertThat(tus.delete(ended).statusCode()).isEqualTo(204);
        tus.create(files, 10, "forgotten");
        clock.pass(Duration.ofHours(25));

        awaitMoved("narwhal_uploads_expired_total{kind=\"whole\"}", 1);
        assertThat(Scrape.of(root).value("narwhal_uploads_terminated_total{kind=\"whole\"}"))
                .isEqualTo(1);
    }

    @Test
    void bodyThatBreaksOff_isCounted_andLosesNothing() throws Exception {
        URI upload = tus.create(files, 100, "cut");
        try (Socket client = patchOf(upload, 100, 10)) {
            awaitMoved("narwhal_bodies_active", 1);
            Awaitility.await().atMost(PATIENCE).until(() -> tus.offset(upload) == 10);
        }
        awaitMoved("narwhal_bodies_broken_total{reason=\"cut\"}", 1);
        awaitMoved("narwhal_bodies_active", 0);
        assertThat(Scrape.of(root).value("narwhal_bodies_lost_bytes_total{reason=\"cut\"}"))
                .isZero();
    }

    @Test
    void bodyThatIsNotWhatItSays_losesItsBytes() throws Exception {
        URI upload = tus.create(files, 100, "spoilt");
        String checksum = "sha1 " + Base64.getEncoder().encodeToString(new byte[20]);
        assertThat(tus.patchStreaming(upload, 0, new ByteArrayInputStream(new byte[100]), checksum)
                        .statusCode())
                .isEqualTo(460);

        Scrape after = Scrape.of(root);
        assertThat(after.value("narwhal_bodies_broken_total{reason=\"checksum\"}"))
                .isEqualTo(1);
        assertThat(after.value("narwhal_bodies_lost_bytes_total{reason=\"checksum\"}"))
                .isEqualTo(100);
    }

    @Test
    void takeover_isCounted() throws Exception {
        URI upload = tus.create(files, 100, "taken");
        try (Socket dead = patchOf(upload, 100, 10)) {
            Awaitility.await().atMost(PATIENCE).until(() -> tus.offset(upload) == 10);
            assertThat(tus.patch(upload, 10, new byte[90]).statusCode()).isEqualTo(204);
            Scrape after = Scrape.of(root);
            assertThat(after.value("narwhal_lease_takeovers_total")).isEqualTo(1);
            assertThat(after.value("narwhal_lease_wait_seconds_count")).isEqualTo(1);
            assertThat(dead.isClosed()).isFalse();
        }
        awaitMoved("narwhal_bodies_broken_total{reason=\"displaced\"}", 1);
    }

    @Test
    void deliveryThatFails_isCounted_untilItIsGivenUp() throws Exception {
        Path delivered = dir.resolve("data/delivered");
        Path aside = dir.resolve("aside");
        Files.move(delivered, aside);
        URI upload = tus.create(files, 3, "same");
        tus.patch(upload, 0, new byte[3]);

        Awaitility.await().atMost(PATIENCE).until(() -> retries() >= 1);
        awaitMoved("narwhal_deliveries_pending{destination=\"default\"}", 1);
        clock.pass(Duration.ofSeconds(20));
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> Scrape.of(root).value("narwhal_deliveries_oldest_seconds{destination=\"default\"}") >= 20);

        Files.move(aside, delivered);
        Files.writeString(delivered.resolve("same"), "somebody else's");
        Awaitility.await().atMost(PATIENCE).until(() -> {
            clock.pass(Duration.ofMinutes(10));
            return Scrape.of(root).value("narwhal_deliveries_given_up_total{destination=\"default\"}") == 1;
        });
        awaitMoved("narwhal_deliveries_failed{destination=\"default\"}", 1);
        awaitMoved("narwhal_deliveries_pending{destination=\"default\"}", 0);
    }

    private double retries() throws IOException, InterruptedException {
        Scrape now = Scrape.of(root);
        return now.value("narwhal_deliveries_retries_total{destination=\"default\",failure=\"retryable\"}")
                + now.value("narwhal_deliveries_retries_total{destination=\"default\",failure=\"destination\"}");
    }

    private void awaitMoved(String sample, double value) {
        Awaitility.await(sample).atMost(PATIENCE).until(() -> Scrape.of(root).value(sample) == value);
    }

    /** A PATCH that announces more than it sends, and stays. */
    private Socket patchOf(URI upload, int announced, int sent) throws IOException {
        Socket client = new Socket(InetAddress.getLoopbackAddress(), root.getPort());
        client.getOutputStream()
                .write(("PATCH " + upload.getPath() + " HTTP/1.1\r\nHost: a\r\n"
                                + "Tus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\n"
                                + "Content-Type: application/offset+octet-stream\r\nContent-Length: " + announced
                                + "\r\n\r\n")
                        .getBytes(US_ASCII));
        client.getOutputStream().write(Arrays.copyOf(new byte[0], sent));
        client.getOutputStream().flush();
        return client;
    }
}
