package dev.narwhal.conformance;

import static dev.narwhal.conformance.Item.Level.I;
import static dev.narwhal.conformance.Item.Level.S;
import static dev.narwhal.conformance.ResponseAssert.assertThat;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.NarwhalProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server that waits at most a second for the next byte, and wants 100 of them a second. */
@Tag("process")
@Timeout(value = 60, unit = SECONDS)
class SlowClientSettingsIT {

    private static final Duration SILENCE = Duration.ofSeconds(1);
    private static final Duration DRIP = SILENCE.dividedBy(5);
    private static final int MOST_DRIPS = 100;

    @TempDir
    private static Path dir;

    private static NarwhalProcess server;
    private static TusClient tus;

    @BeforeAll
    static void start() throws IOException {
        server = TusServer.startOwn(
                dir.resolve("data"),
                "--narwhal.upload.body-timeout=" + SILENCE.toMillis() + "ms",
                "--narwhal.upload.minimum-rate=100B");
        tus = new TusClient(server.uploads());
    }

    @AfterAll
    static void stop() throws IOException {
        if (server != null) {
            server.close();
        }
    }

    @Test
    @Item(value = 47, level = I)
    @DisplayName("T47 A client that drips is cut off; its bytes are kept, its connection ends though it drips on")
    void t47_client_drips() throws IOException {
        URI upload = tus.create(1_000_000);
        long dripped;
        try (RawHttp http = tus.beginPatch(upload, 0, 1_000_000)) {
            dripped = drip(http, "x");
            assertThat(http.read()).hasStatus(503).hasHeader("Tus-Resumable", "1.0.0");
            dripUntilClosed(http);
        }
        goesOnAfter(dripped, upload, 1_000_000);
    }

    @Test
    @Item(value = 47, level = I)
    @DisplayName("T47 A client that drips chunks is cut off in the same way")
    void t47_client_dripsChunks() throws IOException {
        URI upload = tus.create(1000);
        long dripped;
        try (RawHttp http = tus.begin(tus.patch(upload, 0).announcingChunks())) {
            dripped = drip(http, "1\r\nx\r\n");
            assertThat(http.read()).hasStatus(503).hasHeader("Tus-Resumable", "1.0.0");
            dripUntilClosed(http);
        }
        goesOnAfter(dripped, upload, 1000);
    }

    @Test
    @Item(value = 47, level = I)
    @DisplayName("T47 A stream of HTTP/2 that drips is cut off; the connection's others go on")
    void t47_stream_drips() throws IOException {
        URI slow = tus.create(1000);
        URI other = tus.create(3);
        int dripped = 0;
        try (Http2Connection http = Http2Connection.open(slow)) {
            Http2Stream stream = http.begin(
                    tus.patch(slow, 0).header("Expect", "100-continue").announcing(1000));
            stream.awaitContinue();
            while (!stream.isOverWithin(DRIP) && dripped < MOST_DRIPS) {
                stream.sendLeniently(new byte[] {'x'});
                dripped++;
            }
            assertThat(stream.readIfAny().filter(RawResponse::isSuccess)).isEmpty();
            assertThat(http.exchange(tus.patch(other, 0).body("abc"))).hasStatus(204);
        }
        goesOnAfter(dripped, slow, 1000);
    }

    @Test
    @Item(value = 47, level = I)
    @DisplayName("T47 A slow client above the least rate is served for as long as it likes")
    void t47_client_isSlowEnough() throws IOException {
        URI upload = tus.create(2000);
        try (RawHttp http = tus.beginPatch(upload, 0, 2000)) {
            for (int sent = 0; sent < 2000; sent += 100) {
                assertThat(http.isSilentFor(DRIP)).isTrue();
                http.send("x".repeat(100));
            }
            assertThat(http.read()).hasStatus(204).hasHeader("Upload-Offset", "2000");
        }
    }

    @Test
    @Item(value = 46, level = S)
    @DisplayName("T46 A client that is silent and stays frees its upload by itself, and loses nothing")
    void t46_client_staysSilent() throws IOException {
        URI upload = tus.create(100);
        double takeovers = metric("narwhal_lease_takeovers_total");
        double silent = metric("narwhal_bodies_broken_total{reason=\"silent\"}");
        try (RawHttp http = tus.beginPatch(upload, 0, 100).send("0123456789")) {
            // Without a HEAD, which would have the bytes recorded before their time.
            Awaitility.await("the body is cut off")
                    .atMost(SILENCE.multipliedBy(20))
                    .until(() -> metric("narwhal_bodies_broken_total{reason=\"silent\"}") == silent + 1);
            assertThat(metric("narwhal_bodies_active")).isZero();
            tus.append(upload, 10, "x".repeat(90));
            assertThat(http.read()).hasStatus(503);
            assertThat(http.isClosedByServer()).as("the connection is closed").isTrue();
        }
        assertThat(metric("narwhal_lease_takeovers_total")).isEqualTo(takeovers);
        tus.holds(upload, "0123456789" + "x".repeat(90));
    }

    /** One byte now and then until the server answers. */
    private static long drip(RawHttp http, String drop) throws IOException {
        int drops = 0;
        while (drops < MOST_DRIPS && http.sendLeniently(drop).isSilentFor(DRIP)) {
            drops++;
        }
        return drops + 1L;
    }

    private static void dripUntilClosed(RawHttp http) {
        Awaitility.await("the connection ends")
                .atMost(SILENCE.multipliedBy(20))
                .pollInterval(DRIP)
                .until(() -> {
                    try {
                        http.send("x");
                        return false;
                    } catch (IOException e) {
                        return true;
                    }
                });
    }

    /** The last drop may have come too late. */
    private static void goesOnAfter(long dripped, URI upload, int length) throws IOException {
        long offset = tus.offset(upload);
        assertThat(dripped).isLessThan(MOST_DRIPS);
        assertThat(offset).isBetween(Math.max(1, dripped - 2), dripped);
        tus.append(upload, offset, "x".repeat(length - (int) offset));
        tus.holds(upload, "x".repeat(length));
    }

    private static double metric(String name) throws IOException {
        String all = tus.get(server.root().resolve("actuator/prometheus")).text();
        return all.lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findAny()
                .orElseThrow();
    }
}
