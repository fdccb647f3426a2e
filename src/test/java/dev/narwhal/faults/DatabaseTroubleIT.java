package dev.narwhal.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.DeliveredFiles;
import dev.narwhal.testkit.FaultRounds;
import dev.narwhal.testkit.NarwhalProcess;
import dev.narwhal.testkit.PlainTus;
import dev.narwhal.testkit.PostgresNode;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What one request after the other is told, and may rely on, while PostgreSQL does not do its part. */
@Tag("faults")
@Timeout(300)
class DatabaseTroubleIT {

    private static final int MIB = 1 << 20;

    @TempDir
    Path dir;

    private final Random luck = FaultRounds.luck("DatabaseTroubleIT");

    /** A checkpoint that fails costs nothing; only an end that nobody can record is refused. */
    @Test
    void body_underWay_goesOnWhileTheDatabaseIsAway() throws Exception {
        byte[] content = new byte[73 * MIB];
        luck.nextBytes(content);
        try (PostgresNode database = PostgresNode.start(dir.resolve("pg"));
                NarwhalProcess server = start(database.settings("socketTimeout=4"));
                PlainTus tus = new PlainTus();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            URI upload = tus.create(server.uploads(), content.length, "long.bin");
            try (PipedOutputStream client = new PipedOutputStream()) {
                InputStream body = new PipedInputStream(client, MIB);
                Future<HttpResponse<String>> answer = threads.submit(() -> tus.patchStreaming(upload, 0, body));
                client.write(content, 0, 2 * MIB);
                database.kill();
                // Beyond the 64 MiB after which what has come is recorded.
                client.write(content, 2 * MIB, 68 * MIB);
                Awaitility.await().until(() -> server.log().contains("upload.checkpoint-postponed"));
                assertThat(Timed.of(() -> tus.head(upload)).statusCode()).isEqualTo(423);
                database.restart();
                client.write(content, 70 * MIB, MIB);
                client.close();
                assertThat(answer.get().statusCode()).isEqualTo(204);
            }
            assertThat(tus.offset(upload)).isEqualTo(71 * MIB);
            try (PipedOutputStream client = new PipedOutputStream()) {
                InputStream body = new PipedInputStream(client, MIB);
                Future<HttpResponse<String>> answer = threads.submit(() -> tus.patchStreaming(upload, 71 * MIB, body));
                client.write(content, 71 * MIB, MIB);
                Awaitility.await().until(() -> body.available() == 0);
                database.kill();
                client.close();
                assertThat(answer.get().statusCode()).isEqualTo(503);
            }
            assertThat(Timed.of(() -> tus.head(upload)).statusCode()).isEqualTo(423);
            database.restart();
            Awaitility.await().atMost(Timed.BOUND).until(() -> tus.head(upload).statusCode() == 200);
            int offset = (int) tus.offset(upload);
            assertThat(offset).isIn(71 * MIB, 72 * MIB);
            assertThat(tus.patch(upload, offset, part(content, offset, content.length))
                            .statusCode())
                    .isEqualTo(204);
            isWhole(server, upload, content);
        }
    }

    /** All connections are taken by requests that wait for a lock which somebody else has; others are answered. */
    @Test
    void pool_isExhausted_othersAreAnsweredInTime() throws Exception {
        try (PostgresNode database = PostgresNode.start(dir.resolve("pg"));
                NarwhalProcess server =
                        start(database.settings("socketTimeout=60"), "--spring.datasource.hikari.maximum-pool-size=4");
                PlainTus tus = new PlainTus();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                Connection other = database.connect();
                Statement statement = other.createStatement()) {
            List<URI> uploads = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                uploads.add(tus.create(server.uploads(), 5, "u" + i));
            }
            other.setAutoCommit(false);
            var unused = statement.execute("lock table upload in share mode");
            List<Future<HttpResponse<String>>> patches = uploads.subList(1, 8).stream()
                    .map(upload -> threads.submit(() -> tus.patch(upload, 0, "hello".getBytes())))
                    .toList();
            Awaitility.await()
                    .atMost(Timed.BOUND)
                    .until(() -> patches.stream().filter(Future::isDone).count() == 3);

            assertThat(Timed.of(() -> tus.head(uploads.getFirst())).statusCode())
                    .isEqualTo(423);
            assertThat(Timed.of(() -> tus.tryCreate(server.uploads(), 1, "x")).statusCode())
                    .isEqualTo(503);
            assertThat(Timed.of(() -> tus.options(server.uploads())).statusCode())
                    .isEqualTo(204);
            assertThat(Health.status(server, "liveness")).isEqualTo(200);
            other.commit();

            List<Integer> answers = new ArrayList<>();
            for (Future<HttpResponse<String>> patch : patches) {
                answers.add(patch.get().statusCode());
            }
            assertThat(answers).containsOnly(204, 503);
            for (int i = 0; i < 7; i++) {
                long offset = tus.offset(uploads.get(i + 1));
                assertThat(offset).isEqualTo(answers.get(i) == 204 ? 5 : 0);
            }
        }
    }

    private static byte[] part(byte[] content, int from, int to) {
        return Arrays.copyOfRange(content, from, to);
    }

    private void isWhole(NarwhalProcess server, URI upload, byte[] content) throws Exception {
        DeliveredFiles.in(server.delivered()).assertHolds(upload, Files.write(dir.resolve("expected"), content));
    }

    private NarwhalProcess start(List<String> database, String... settings) throws Exception {
        return NarwhalProcess.start(
                dir.resolve("data"),
                Stream.concat(database.stream(), Stream.of(settings)).toArray(String[]::new));
    }
}
