package dev.narwhal.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The built jar against the built server, both as processes. Where a test needs the middle of an upload, the client is slow
 * on purpose, and the server is asked whether it has received something.
 */
class ClientProcessIT {

    private static final int MEBIBYTE = 1 << 20;
    private static final Duration SOON = Duration.ofMinutes(1);

    @TempDir
    private static Path serverDirectory;

    private static NarwhalServer server;

    @TempDir
    private Path directory;

    private Path state;

    @BeforeAll
    static void startServer() throws IOException {
        server = NarwhalServer.start(serverDirectory.resolve("data"));
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void ownState() {
        state = directory.resolve("state");
    }

    @Test
    void upload_oneFile_isDeliveredUnderItsName() throws Exception {
        Path file = file("Wal ö.bin", 10 * MEBIBYTE + 1);
        try (ClientProcess client = upload(file)) {
            assertThat(client.exitCode()).as(client.err()).isZero();
            assertThat(client.out()).startsWith("Wal ö.bin: uploaded, 10.0 MiB in ");
            assertThat(server.delivered(client.urls().getFirst(), "Wal ö.bin")).hasSameBinaryContentAs(file);
        }
        assertNothingRemembered();
    }

    @Test
    void upload_severalFilesOneMissing_sendsTheOthersAndExitsWith1() throws Exception {
        Path first = file("first.bin", 3 * MEBIBYTE);
        Path missing = directory.resolve("missing.bin");
        Path empty = file("empty.bin", 0);
        try (ClientProcess client = upload(first, missing, empty)) {
            assertThat(client.exitCode()).isEqualTo(1);
            assertThat(client.err().lines()).containsExactly(missing + ": does not exist");
            assertThat(client.out()).endsWith("2 of 3 files uploaded" + System.lineSeparator());
            assertThat(client.urls()).hasSize(2);
            assertThat(server.delivered(client.urls().get(0), "first.bin")).hasSameBinaryContentAs(first);
            assertThat(server.delivered(client.urls().get(1), "empty.bin")).isEmptyFile();
        }
    }

    @Test
    void upload_requestsSmallerThanTheFile_isWhole() throws Exception {
        Path file = file("chunks.bin", 2 * MEBIBYTE);
        try (ClientProcess client =
                upload(file, "--chunk-size", "256k", "--meta", "album=Wale", "--header", "X-A: b")) {
            assertThat(client.exitCode()).as(client.err()).isZero();
            assertThat(server.delivered(client.urls().getFirst(), "chunks.bin")).hasSameBinaryContentAs(file);
        }
    }

    @Test
    void upload_killedInTheMiddle_isContinuedByTheNextRun() throws Exception {
        Path file = file("killed.bin", 12 * MEBIBYTE);
        URI upload;
        try (ClientProcess killed = upload(file, "--limit-rate", "1M")) {
            upload = awaitMiddle(MEBIBYTE);
            killed.kill();
        }
        long before = server.offsetOf(upload);
        assertThat(before).isBetween((long) MEBIBYTE, 12L * MEBIBYTE - 1);

        try (ClientProcess client = upload(file)) {
            assertThat(client.exitCode()).as(client.err()).isZero();
            assertThat(client.urls()).containsExactly(upload);
            assertThat(client.out()).contains("uploaded, 12.0 MiB, the last ");
            assertThat(server.delivered(upload, "killed.bin")).hasSameBinaryContentAs(file);
        }
        assertNothingRemembered();
    }

    @Test
    void upload_serverKilledInTheMiddle_goesOnByItself() throws Exception {
        Path file = file("restart.bin", 12 * MEBIBYTE);
        try (ClientProcess client = upload(file, "--limit-rate", "1M")) {
            URI upload = awaitMiddle(MEBIBYTE);
            long before = server.offsetOf(upload);
            server.kill();
            await().atMost(SOON).until(() -> client.out().contains("trying again"));
            server.startAgain();
            assertThat(server.offsetOf(upload)).isGreaterThanOrEqualTo(before);
            assertThat(client.exitCode()).as(client.err()).isZero();
            assertThat(client.urls()).containsExactly(upload);
            assertThat(server.delivered(upload, "restart.bin")).hasSameBinaryContentAs(file);
        }
    }

    @Test
    void upload_stopped_saysHowToGoOn() throws Exception {
        Path file = file("stopped.bin", 12 * MEBIBYTE);
        try (ClientProcess client = upload(file, "--limit-rate", "1M")) {
            URI upload = awaitMiddle(1);
            client.stop();
            assertThat(client.exitCode()).isEqualTo(128 + 15);
            assertThat(client.out())
                    .endsWith("stopped.bin: stopped; the same command goes on where this one ended"
                            + System.lineSeparator());
            assertThat(server.offsetOf(upload)).isPositive();
        }
    }

    @Test
    void upload_ofAFileThatAnotherProcessUploads_isRefused() throws Exception {
        Path file = file("shared.bin", 12 * MEBIBYTE);
        try (ClientProcess first = upload(file, "--limit-rate", "1M")) {
            awaitMiddle(1);
            try (ClientProcess second = upload(file)) {
                assertThat(second.exitCode()).isEqualTo(1);
                assertThat(second.err().lines()).containsExactly("shared.bin: is being uploaded by another process");
            }
            assertThat(first.isRunning()).isTrue();
        }
    }

    @Test
    void upload_fileChangesInTheMiddle_isNotDelivered() throws Exception {
        Path file = file("changed.bin", 6 * MEBIBYTE);
        try (ClientProcess client = upload(file, "--limit-rate", "2M")) {
            URI upload = awaitMiddle(1);
            try (RandomAccessFile change = new RandomAccessFile(file.toFile(), "rw")) {
                change.write('x');
            }
            assertThat(client.exitCode()).isEqualTo(1);
            assertThat(client.err()).startsWith("changed.bin: changed while it was uploaded");
            assertThat(server.offsetOf(upload)).isLessThan(6 * MEBIBYTE);
        }
    }

    @Test
    void upload_outputNotATerminal_isAFewPlainLines() throws Exception {
        Path file = file("plain.bin", 12 * MEBIBYTE);
        long startedAt = System.nanoTime();
        try (ClientProcess client = upload(file, "--limit-rate", "1M")) {
            assertThat(client.exitCode()).isZero();
            long seconds = Duration.ofNanos(System.nanoTime() - startedAt).toSeconds();
            assertThat(client.out()).doesNotContain("\r", "\u001B");
            // One line of progress in ten seconds, then the result and its URL.
            assertThat(client.out().lines().count()).isBetween(3L, seconds / 10 + 2);
            assertThat(client.out().lines().findFirst())
                    .hasValueSatisfying(
                            line -> assertThat(line)
                                    .matches(
                                            "plain\\.bin: \\d+ %, [\\d.]+ MiB of 12\\.0 MiB, [\\d.]+ [KM]iB/s, [\\d.]+ s left"));
        }
    }

    @Test
    void upload_withABar_drawsItAndLeavesTheResult() throws Exception {
        Path file = file("bar.bin", 2 * MEBIBYTE);
        try (ClientProcess client = upload(file, "--limit-rate", "1M", "--progress", "bar")) {
            assertThat(client.exitCode()).isZero();
            assertThat(client.out())
                    .containsPattern(
                            "\rbar\\.bin {9} +\\d+% \\[#+-+] [\\d.]+[KM]iB/2\\.0MiB [\\d.]+ [KM]iB/s \\d:\\d\\d left")
                    .contains("100% [############] 2.0MiB/2.0MiB ");
            assertThat(client.out()).containsPattern("\r *\rbar\\.bin: uploaded, 2\\.0 MiB in ");
        }
    }

    @Test
    void upload_wrongPath_isOneSentence() throws Exception {
        Path file = file("lost.bin", 10);
        URI nothing = server.endpoint().resolve("/nothing");
        try (ClientProcess client =
                ClientProcess.start(directory, "upload", file, "--url", nothing, "--state-dir", state)) {
            assertThat(client.exitCode()).isEqualTo(1);
            assertThat(client.err().lines())
                    .singleElement()
                    .asString()
                    .startsWith("lost.bin: there is no upload server at " + nothing + " (404");
        }
    }

    @Test
    void upload_nobodyListens_isGivenUpAfterTheRetries() throws Exception {
        Path file = file("alone.bin", 10);
        URI nobody = URI.create("http://127.0.0.1:" + NarwhalServer.freePort() + "/files");
        try (ClientProcess client =
                ClientProcess.start(directory, "upload", file, "--url", nobody, "--retries", 1, "--state-dir", state)) {
            assertThat(client.exitCode()).isEqualTo(1);
            assertThat(client.out().lines()).singleElement().asString().contains("; trying again in 1 s");
            assertThat(client.err().lines())
                    .containsExactly("alone.bin: no connection to " + nobody.getAuthority()
                            + " (Connection refused); given up after 2 tries");
        }
    }

    @Test
    void upload_tooLargeForTheServer_isRefusedInOneSentence() throws Exception {
        Path file = directory.resolve("large.bin");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength((NarwhalServer.MAX_SIZE_MEBIBYTES + 1) * MEBIBYTE);
        }
        try (ClientProcess client = upload(file)) {
            assertThat(client.exitCode()).isEqualTo(1);
            assertThat(client.err().lines())
                    .singleElement()
                    .asString()
                    .startsWith("large.bin: it is too large for the server (413");
        }
        assertNothingRemembered();
    }

    @Test
    void upload_noResume_remembersNothing() throws Exception {
        Path file = file("forgetful.bin", 3 * MEBIBYTE);
        try (ClientProcess client = upload(file, "--no-resume")) {
            assertThat(client.exitCode()).as(client.err()).isZero();
        }
        assertThat(state).doesNotExist();
    }

    private ClientProcess upload(Object... arguments) throws IOException {
        Stream<Object> fixed = Stream.of("upload", "--url", server.endpoint(), "--state-dir", state);
        return ClientProcess.start(
                directory, Stream.concat(fixed, Stream.of(arguments)).toArray());
    }

    /** Waits until the server has so many bytes of the one upload under way, and gives its URL. */
    private URI awaitMiddle(long bytes) {
        URI upload = ClientProcess.rememberedUpload(state);
        await().atMost(SOON).until(() -> server.offsetOf(upload) >= bytes);
        return upload;
    }

    private void assertNothingRemembered() throws IOException {
        try (Stream<Path> entries = Files.list(state)) {
            assertThat(entries).isEmpty();
        }
    }

    private Path file(String name, int size) throws IOException {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return Files.write(directory.resolve(name), bytes);
    }
}
