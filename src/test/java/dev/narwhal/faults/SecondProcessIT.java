package dev.narwhal.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.DeliveredFiles;
import dev.narwhal.testkit.HandFedPatch;
import dev.narwhal.testkit.NarwhalProcess;
import dev.narwhal.testkit.PlainTus;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A second server on the data directory of a first one, which is paused, as in a debugger or a snapshot of its machine. */
@Tag("faults")
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class SecondProcessIT {

    @TempDir
    private Path dir;

    @Test
    void start_whileTheFirstIsPaused_stopsWithASentence_andTheFirstGoesOn() throws Exception {
        assertOneProcess();
    }

    @Test
    void start_whileTheFirstIsPaused_onPostgres_stopsWithASentence_andTheFirstGoesOn() throws Exception {
        try (EmbeddedPostgres database = EmbeddedPostgres.start()) {
            assertOneProcess(
                    "--spring.datasource.url=" + database.getJdbcUrl("postgres", "postgres"),
                    "--spring.datasource.username=postgres");
        }
    }

    private void assertOneProcess(String... settings) throws Exception {
        Path data = dir.resolve("data");
        try (NarwhalProcess first = NarwhalProcess.start(data, settings);
                PlainTus tus = new PlainTus()) {
            URI upload = tus.create(first.uploads(), 10, "paused.txt");
            try (HandFedPatch body = HandFedPatch.begin(upload, 0, 10)) {
                body.send("hello".getBytes());
                Awaitility.await().until(() -> tus.offset(upload) == 5);
                first.pause();
                try {
                    assertStopsWithASentence(first, data, settings);
                } finally {
                    first.resume();
                }
                body.send("world".getBytes());
                assertThat(body.status()).as("the body under way in the first").isEqualTo(204);
            }
            Path expected = Files.writeString(dir.resolve("expected"), "helloworld");
            DeliveredFiles.in(first.delivered()).assertHolds(upload, expected);
        }
    }

    private static void assertStopsWithASentence(NarwhalProcess first, Path data, String... settings)
            throws IOException {
        try (NarwhalProcess second = NarwhalProcess.launch(data, settings)) {
            assertThat(second.awaitExit()).isEqualTo(1);
            assertThat(second.log().lines())
                    .singleElement()
                    .asString()
                    .startsWith("Narwhal cannot start: The data directory " + data.toRealPath()
                            + " is in use by another process (" + first.pid() + ")");
        }
    }
}
