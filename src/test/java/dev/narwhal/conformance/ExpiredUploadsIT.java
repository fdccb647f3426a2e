package dev.narwhal.conformance;

import static dev.narwhal.conformance.Item.Level.I;
import static dev.narwhal.conformance.Item.Level.M;
import static dev.narwhal.conformance.Item.Level.S;
import static dev.narwhal.conformance.ResponseAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.NarwhalProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Section I: servers of which the uploads expire while one waits, or never. */
@Tag("process")
class ExpiredUploadsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path dir;

    @SuppressWarnings("NullAway.Init")
    private TusClient tus;

    private NarwhalProcess start(String... settings) throws IOException {
        NarwhalProcess server = TusServer.startOwn(dir.resolve("data"), settings);
        tus = new TusClient(server.uploads());
        return server;
    }

    private void awaitExpiry(URI upload) {
        Awaitility.await("the upload expires")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> tus.head(upload).status() == 410);
    }

    private void isExpired(URI upload) throws IOException {
        assertThat(tus.head(upload)).hasStatus(410).hasNoBody().hasNoHeader("Upload-Offset");
        RawResponse patched = tus.send(tus.patch(upload, 3).body("def"));
        assertThat(patched).hasStatus(410).hasNoHeader("Upload-Expires");
        assertThat(patched.text()).contains("UPLOAD_EXPIRED");
        assertThat(tus.get(upload)).hasStatus(410);
        assertThat(tus.delete(upload)).hasStatus(410);
        assertThat(tus.send(
                        tus.patch(upload, 3).header("Expect", "100-continue").announcing(7)))
                .hasStatus(410)
                .cameWithoutContinue();
    }

    private static Stream<Path> staged(NarwhalProcess server) throws IOException {
        return Files.walk(server.dataDir().resolve("staging"))
                .filter(Files::isRegularFile)
                .filter(file -> !file.getFileName().toString().startsWith("."));
    }

    private static boolean isStaged(NarwhalProcess server, URI upload) throws IOException {
        try (Stream<Path> files = staged(server)) {
            return files.anyMatch(
                    file -> upload.getPath().endsWith(file.getFileName().toString()));
        }
    }

    @Test
    @Item(value = 112, level = S)
    @DisplayName("T112 An upload is 410 from the stated moment on, and not from the next sweep")
    void t112_expiry_isByTheClock() throws IOException {
        try (NarwhalProcess server = start("--narwhal.upload.expire-after=2s", "--narwhal.upload.sweep-interval=1h")) {
            URI upload = tus.create(10);
            Instant stated = ExpirationIT.expiry(tus.send(tus.patch(upload, 0).body("abc")));
            RawResponse answer;
            do {
                Instant asked = Instant.now();
                answer = tus.head(upload);
                Instant told = Instant.now();
                assertThat(answer.status() == 410 ? !told.isBefore(stated) : asked.isBefore(stated))
                        .as("%s asked at %s, told at %s, stated was %s", answer.status(), asked, told, stated)
                        .isTrue();
            } while (answer.status() != 410);
            isExpired(upload);
            assertThat(isStaged(server, upload)).as("nothing was swept yet").isTrue();

            server.kill();
            server.restart();

            isExpired(upload);
        }
    }

    @Test
    @Item(
            value = {114, 115, 117},
            level = I)
    @DisplayName(
            "T114 T115 T117 The sweep removes what has expired, and neither what is finished nor what is being sent")
    void t114_sweep_removesExpiredUnfinishedUploadsOnly() throws IOException {
        try (NarwhalProcess server = start("--narwhal.upload.expire-after=2s", "--narwhal.upload.sweep-interval=1s")) {
            URI finished = tus.finished("hello");
            URI sent = tus.create(6);
            try (RawHttp writer = tus.beginPatch(sent, 0, 6).send("abc")) {
                URI abandoned = tus.create(10);
                tus.send(tus.patch(abandoned, 0).body("abc"));
                awaitExpiry(abandoned);
                Awaitility.await("the bytes are removed").atMost(PATIENCE).until(() -> !isStaged(server, abandoned));
                isExpired(abandoned);
                assertThat(server.log()).contains("upload.expired upload=", "sweep.done expired=");

                assertThat(tus.download(finished)).asString().isEqualTo("hello");
                assertThat(tus.offset(sent)).isEqualTo(3);
                assertThat(writer.send("def").read()).hasStatus(204).hasHeader("Upload-Offset", "6");
            }
            assertThat(tus.download(sent)).asString().isEqualTo("abcdef");
        }
    }

    @Test
    @Item(value = 116, level = I, needs = "concatenation-unfinished")
    @DisplayName("T116 A partial does not vanish under an unfinished final of which another part is still being sent")
    void t116_sweep_keepsThePartialsOfAFinal() throws IOException {
        try (NarwhalProcess server = start("--narwhal.upload.expire-after=2s", "--narwhal.upload.sweep-interval=1s")) {
            URI sent =
                    tus.created(tus.post(3).header("Upload-Concat", "partial").body(""));
            try (RawHttp writer = tus.beginPatch(sent, 0, 3).send("d")) {
                URI first = tus.created(tus.post(3)
                        .header("Upload-Concat", "partial")
                        .header("Content-Type", TusClient.OFFSET_TYPE)
                        .body("abc"));
                URI whole = tus.created(tus.post()
                        .header("Upload-Concat", "final;" + first.getPath() + " " + sent.getPath())
                        .body(""));
                URI abandoned = tus.create(10);
                awaitExpiry(abandoned);
                Awaitility.await("the bytes are removed").atMost(PATIENCE).until(() -> !isStaged(server, abandoned));

                assertThat(tus.head(first)).isSuccess().hasHeader("Upload-Offset", "3");
                assertThat(tus.head(whole)).isSuccess();
                assertThat(writer.send("ef").read()).hasStatus(204);
                assertThat(tus.download(whole)).asString().isEqualTo("abcdef");
            }
        }
    }

    @Test
    @Item(value = 107, level = M)
    @DisplayName("T107 expiration is offered only where uploads expire")
    void t107_offered_whereUploadsExpire() throws IOException {
        try (NarwhalProcess server = start("--narwhal.upload.expire-after=0")) {
            assertThat(tus.send(RawRequest.of("OPTIONS", server.uploads()))).listsNot("Tus-Extension", "expiration");
            RawResponse created = tus.send(tus.post(10).body(""));
            assertThat(created).hasStatus(201).hasNoHeader("Upload-Expires");
            assertThat(tus.send(
                            tus.patch(created.location(tus.creationUrl()), 0).body("abc")))
                    .hasStatus(204)
                    .hasNoHeader("Upload-Expires");
        }
        assertThat(TusServer.client()
                        .send(RawRequest.of("OPTIONS", TusServer.client().creationUrl())))
                .lists("Tus-Extension", "expiration");
    }
}
