package dev.narwhal.conformance;

import static dev.narwhal.conformance.Item.Level.I;
import static dev.narwhal.conformance.Item.Level.S;
import static dev.narwhal.conformance.ResponseAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.NarwhalProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is there after the server was killed, or stopped in the middle of a body. */
@Tag("process")
class RestartIT {

    @TempDir
    private Path dir;

    private NarwhalProcess server;
    private TusClient tus;

    @BeforeEach
    void start() throws IOException {
        server = TusServer.startOwn(dir.resolve("data"));
        tus = new TusClient(server.uploads());
    }

    @AfterEach
    void stop() throws IOException {
        if (server != null) {
            server.close();
        }
    }

    @Test
    @Item(value = 54, level = I)
    @DisplayName("T54 D7 Whatever was acknowledged is there after kill -9: bytes, lengths, metadata, deletions")
    void t54_acknowledged_survivesKill() throws IOException {
        byte[] content = random(300_000);
        URI partly = tus.created(
                tus.post(content.length).header("Upload-Metadata", "a Yg==").body(""));
        tus.append(partly, 0, Arrays.copyOf(content, 123_456));
        URI deferred = tus.createDeferred();
        assertThat(tus.send(tus.patch(deferred, 0).header("Upload-Length", "5").body("abc")))
                .hasStatus(204);
        URI empty = tus.create(0);
        URI finished = tus.finished("hello");
        URI deleted = tus.finished("gone");
        assertThat(tus.delete(deleted)).hasStatus(204);
        server.kill();
        server.restart();
        assertThat(tus.head(partly)).hasHeader("Upload-Offset", "123456").hasHeader("Upload-Metadata", "a Yg==");
        tus.append(partly, 123_456, Arrays.copyOfRange(content, 123_456, content.length));
        tus.holds(partly, content);
        assertThat(tus.head(deferred)).hasHeader("Upload-Offset", "3").hasHeader("Upload-Length", "5");
        assertThat(tus.get(empty)).hasStatus(200).hasNoBody();
        tus.holds(finished, "hello");
        assertThat(tus.head(deleted)).hasStatus(404, 410);
    }

    @Test
    @Item(value = 29, level = I)
    @DisplayName("T29 D7 After kill -9 in a body the offset is no less than HEAD had said, and a PATCH goes on there")
    void t29_offset_afterKillInABody() throws IOException {
        byte[] content = random(3_000_000);
        URI upload = tus.create(content.length);
        int offset;
        try (RawHttp http = tus.beginPatch(upload, 0, content.length)) {
            http.send(Arrays.copyOf(content, 1_500_001));
            tus.awaitOffset(upload, 1_500_001);
            http.send(Arrays.copyOfRange(content, 1_500_001, 1_600_000));
            server.kill();
        }
        server.restart();
        offset = (int) tus.offset(upload);
        assertThat(offset).isBetween(1_500_001, 1_600_000);
        tus.append(upload, offset, Arrays.copyOfRange(content, offset, content.length));
        tus.holds(upload, content);
    }

    @Test
    @Item(value = 45, level = S)
    @DisplayName("T45 A server that is stopped in the middle of a body keeps what came")
    void t45_body_whenTheServerIsStopped() throws IOException {
        byte[] content = random(200_000);
        URI upload = tus.create(content.length);
        try (RawHttp http = tus.beginPatch(upload, 0, content.length)) {
            http.send(Arrays.copyOf(content, 50_000));
            tus.awaitOffset(upload, 50_000);
            http.send(Arrays.copyOfRange(content, 50_000, 60_000));
            server.stop();
        }
        server.restart();
        int offset = (int) tus.offset(upload);
        assertThat(offset).isBetween(50_000, 60_000);
        tus.append(upload, offset, Arrays.copyOfRange(content, offset, content.length));
        tus.holds(upload, content);
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }
}
