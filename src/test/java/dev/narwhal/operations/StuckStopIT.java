package dev.narwhal.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.operations.UnfinishedUpload.Kind;
import dev.narwhal.testkit.NarwhalProcess;
import dev.narwhal.testkit.PlainTus;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database that has stopped answering, without being gone, does not keep the process. */
@Tag("process")
class StuckStopIT {

    private static final Duration LIMIT = Duration.ofSeconds(6);
    private static final int TERMINATED = 143;

    @TempDir
    Path dir;

    @Test
    void terminate_databaseFrozen_isCutShort_andNothingAcknowledgedIsLost() throws Exception {
        Path data = dir.resolve("postgres");
        try (EmbeddedPostgres database = EmbeddedPostgres.builder()
                        .setDataDirectory(data)
                        .setCleanDataDirectory(false)
                        .start();
                NarwhalProcess server = NarwhalProcess.start(
                        dir.resolve("data"),
                        "--spring.datasource.url=" + database.getJdbcUrl("postgres", "postgres"),
                        "--spring.datasource.username=postgres");
                PlainTus tus = new PlainTus()) {
            UnfinishedUpload upload = UnfinishedUpload.begin(tus, server.uploads(), Kind.SLOW, 1);
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> upload.sent > 100_000);
            signal("-STOP", data);
            try {
                server.terminate();
                Awaitility.await("the process ends")
                        .atMost(LIMIT)
                        .pollInterval(Duration.ofMillis(20))
                        .until(() -> !server.isAlive());
            } finally {
                signal("-CONT", data);
            }
            assertThat(server.awaitExit()).isEqualTo(TERMINATED);
            assertThat(server.log()).contains("server.stop-cut-short");

            server.restart();
            assertThat(tus.offset(upload.url)).isBetween(upload.acknowledged(), upload.sent);
        }
    }

    /** To the database's first process and all that it has started. */
    private static void signal(String signal, Path data) throws IOException, InterruptedException {
        long first = Long.parseLong(
                Files.readAllLines(data.resolve("postmaster.pid")).getFirst().strip());
        ProcessHandle postmaster = ProcessHandle.of(first).orElseThrow();
        List<String> command = new ArrayList<>(List.of("kill", signal));
        Stream.concat(Stream.of(postmaster), postmaster.descendants())
                .forEach(process -> command.add(String.valueOf(process.pid())));
        assertThat(new ProcessBuilder(command).start().waitFor()).isZero();
    }
}
