package dev.narwhal.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.DeliveredFiles;
import dev.narwhal.testkit.FaultProxy;
import dev.narwhal.testkit.GeneratedContent;
import dev.narwhal.testkit.NarwhalProcess;
import dev.narwhal.testkit.PlainTus;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A commit outlives the server that asked for it: PostgreSQL holds commits back as long as its synchronous standby is away,
 * and nobody sees them meanwhile. The next server reads the old offset, and must not cut off the bytes that the row is about
 * to count.
 */
@Tag("faults")
@Tag("brief")
class CommitInFlightIT {

    private static final int MIB = 1 << 20;
    private static final String OFFSET = "Upload-Offset";

    @TempDir
    Path dir;

    private final GeneratedContent content = new GeneratedContent(6, 4 * MIB);

    @Test
    void rowMovesAfterTheNextServerHasReadIt_itsBytesAreStillThere() throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start();
                NarwhalProcess server = NarwhalProcess.start(
                        dir.resolve("data"),
                        "--spring.datasource.url=" + postgres.getJdbcUrl("postgres", "postgres"),
                        "--spring.datasource.username=postgres");
                PlainTus tus = new PlainTus();
                ExecutorService client = Executors.newVirtualThreadPerTaskExecutor();
                Connection deadServer = postgres.getPostgresDatabase().getConnection()) {
            URI upload = tus.create(server.uploads(), content.length(), "late.bin");
            assertThat(patch(tus, upload, 0, MIB).statusCode()).isEqualTo(204);
            killInABody(server, tus, upload, client);
            deadServer.setAutoCommit(false);
            advanceUncommitted(deadServer, 2 * MIB);
            server.restart();
            assertThat(tus.offset(upload)).isEqualTo(MIB);

            Future<HttpResponse<String>> early = client.submit(() -> patch(tus, upload, MIB, MIB + MIB / 2));
            eventually().until(() -> isSomebodyWaiting(postgres));
            deadServer.commit();

            assertThat(early.get().statusCode()).isEqualTo(423);
            assertThat(tus.offset(upload)).isEqualTo(2 * MIB);
            assertThat(patch(tus, upload, 2 * MIB, 4 * MIB).statusCode()).isEqualTo(204);
            Path delivered = DeliveredFiles.in(server.delivered()).await(upload);
            try (InputStream there = Files.newInputStream(delivered)) {
                assertThat(content.mismatch(there)).isEmpty();
            }
        }
    }

    /** 2 MiB of it are in the file when the server dies, and 1 MiB in the row. */
    private void killInABody(NarwhalProcess server, PlainTus tus, URI upload, ExecutorService client) throws Exception {
        try (FaultProxy line = FaultProxy.to(server.root())) {
            line.holdAfter(5 * MIB / 2);
            var unused = client.submit(() -> patch(tus, line.through(upload), MIB, 4 * MIB));
            String id = upload.getPath().substring(upload.getPath().lastIndexOf('/') + 1);
            Path staged = server.dataDir()
                    .resolve("staging")
                    .resolve(id.substring(0, 2))
                    .resolve(id);
            eventually().until(() -> Files.size(staged) >= 2 * MIB);
            server.kill();
        }
    }

    /** What a server does to a row, as it looks to others before its commit has come through. */
    private static void advanceUncommitted(Connection connection, long offset) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            assertThat(statement.executeUpdate(
                            "update upload set lease_token = lease_token + 1, \"offset\" = " + offset))
                    .isOne();
        }
    }

    private static boolean isSomebodyWaiting(EmbeddedPostgres postgres) throws SQLException {
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select count(*) from pg_locks where not granted")) {
            rows.next();
            return rows.getInt(1) > 0;
        }
    }

    private HttpResponse<String> patch(PlainTus tus, URI upload, long from, long to) throws Exception {
        return tus.send(
                "PATCH",
                upload,
                BodyPublishers.ofByteArray(content.bytes(from, to)),
                OFFSET,
                String.valueOf(from),
                "Content-Type",
                "application/offset+octet-stream");
    }

    private static ConditionFactory eventually() {
        return Awaitility.await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(10));
    }
}
