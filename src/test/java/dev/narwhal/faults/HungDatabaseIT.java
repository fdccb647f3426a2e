package dev.narwhal.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.FreezableDisk;
import dev.narwhal.testkit.NarwhalProcess;
import dev.narwhal.testkit.PlainTus;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The disk that hangs is that of the embedded database, too: who writes waits for it, and nobody who asks. */
@Tag("faults")
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class HungDatabaseIT {

    @TempDir
    private Path dir;

    @Test
    void diskHangs_whoAsksIsAnswered_whoWritesGoesOnAfterwards() throws Exception {
        FreezableDisk.assumePossible();
        try (FreezableDisk disk = FreezableDisk.at(dir.resolve("disk"), 160);
                NarwhalProcess server =
                        NarwhalProcess.start(dir.resolve("disk/data"), "--narwhal.staging.reserve=1MB");
                PlainTus tus = new PlainTus();
                PlainTus other = new PlainTus()) {
            URI idle = begun(server, tus);
            URI deleted = begun(server, tus);
            CompletableFuture<HttpResponse<String>> deletion;
            try (FreezableDisk.Freeze frozen = disk.freeze()) {
                deletion = CompletableFuture.supplyAsync(() -> delete(other, deleted));
                assertThat(Timed.of(() -> tus.head(idle)).statusCode()).isEqualTo(200);
                Awaitility.await()
                        .atMost(Timed.BOUND)
                        .until(() -> Timed.of(() -> tus.head(deleted)).statusCode() == 423);
                assertThat(Health.status(server, "liveness")).isEqualTo(200);
                assertThat(Health.status(server, "readiness")).isEqualTo(200);
                assertThat(deletion).isNotDone();
            }
            assertThat(deletion.join().statusCode()).isEqualTo(204);
            assertThat(tus.head(deleted).statusCode()).isEqualTo(404);
            assertThat(tus.patch(idle, 5, "world".getBytes()).statusCode()).isEqualTo(204);
        }
    }

    private static URI begun(NarwhalProcess server, PlainTus tus) throws Exception {
        URI upload = tus.create(server.uploads(), 10, "hung.txt");
        assertThat(tus.patch(upload, 0, "hello".getBytes()).statusCode()).isEqualTo(204);
        return upload;
    }

    private static HttpResponse<String> delete(PlainTus tus, URI upload) {
        try {
            return tus.delete(upload);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
