package dev.narwhal.database;

import static dev.narwhal.upload.UploadBuilder.upload;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.narwhal.upload.Race;
import dev.narwhal.upload.RecordingDeliveries;
import dev.narwhal.upload.TestDatabase;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadRepository;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("process")
@Timeout(120)
class DatabaseAwayIT {

    /** The pool's patience, and some for a busy machine. */
    private static final Duration QUICK = Duration.ofSeconds(6);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private EmbeddedPostgres start(int port) throws IOException {
        return EmbeddedPostgres.builder()
                .setDataDirectory(directory.resolve("pg"))
                .setCleanDataDirectory(false)
                .setPort(port)
                .start();
    }

    @Test
    void postgresStopsAndComesBack_callsFailQuicklyAndThenWorkByThemselves() throws Exception {
        EmbeddedPostgres postgres = start(0);
        int port = postgres.getPort();
        try (TestDatabase database = TestDatabase.postgres(postgres.getJdbcUrl("postgres", "postgres"))) {
            UploadRepository uploads = database.repository(new RecordingDeliveries(database.jdbc()), Clock.systemUTC());
            Upload row = uploads.create(upload().build());

            postgres.close();
            assertFailsQuickly(() -> uploads.find(row.id()));
            assertFailsQuickly(() -> uploads.advance(row, 10, 1));
            assertFailsQuickly(() -> uploads.create(upload().build()));

            postgres = start(port);
            await().atMost(Duration.ofSeconds(10)).until(() -> isFound(uploads, row));
            List<Upload> advanced = Race.run(20, thread -> uploads.create(upload().build()));
            assertThat(advanced).hasSize(20);
            assertThat(uploads.advance(row, 10, 1)).isPresent();
        } finally {
            postgres.close();
        }
    }

    private static boolean isFound(UploadRepository uploads, Upload row) {
        try {
            return uploads.find(row.id()).isPresent();
        } catch (RuntimeException e) {
            assertThat(DatabaseFailures.isUnavailable(e)).isTrue();
            return false;
        }
    }

    private static void assertFailsQuickly(Runnable call) {
        long start = System.nanoTime();
        Throwable failure = catchThrowable(call::run);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(QUICK);
        assertThat(failure).isNotNull();
        assertThat(DatabaseFailures.isUnavailable(failure))
                .as(failure.toString())
                .isTrue();
    }

    @Test
    void postgresEndsOurSessions_callsWorkAgainByThemselves() throws Exception {
        try (EmbeddedPostgres postgres = start(0);
                TestDatabase database = TestDatabase.postgres(postgres.getJdbcUrl("postgres", "postgres"))) {
            UploadRepository uploads = database.repository(new RecordingDeliveries(database.jdbc()), Clock.systemUTC());
            Upload row = uploads.create(upload().build());

            Throwable ended = catchThrowable(() -> database.jdbc()
                    .sql("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'narwhal'")
                    .query()
                    .listOfRows());

            assertThat(DatabaseFailures.isUnavailable(ended)).isTrue();
            await().atMost(QUICK).until(() -> isFound(uploads, row));
            assertThat(uploads.advance(row, 10, 1)).isPresent();
        }
    }
}
