package dev.narwhal.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.kagkarlsson.scheduler.Scheduler;
import dev.narwhal.testkit.SharedPostgres;
import dev.narwhal.upload.TestDatabase;
import dev.narwhal.upload.UploadId;
import dev.narwhal.upload.UploadState;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Deliveries that a server before V8 has queued, each with a task and without a process, go on after the upgrade. */
class DeliveryMigrationIT {

    @TempDir
    Path folder;

    private final Clock clock = Clock.systemUTC();

    @Test
    void v8_onH2_queuedDeliveriesGoOn() throws Exception {
        queuedDeliveriesGoOn(() -> TestDatabase.h2(folder.resolve("database")));
    }

    @Test
    void v8_onPostgres_queuedDeliveriesGoOn() throws Exception {
        String url = SharedPostgres.newDatabase();
        queuedDeliveriesGoOn(() -> TestDatabase.postgres(url));
    }

    private void queuedDeliveriesGoOn(Supplier<TestDatabase> databases) throws IOException {
        UploadId id;
        try (TestDatabase database = databases.get()) {
            id = queued(database);
            asBeforeV8(database);
        }
        try (TestDatabase database = databases.get();
                DeliveryFixture fixture = new DeliveryFixture(folder, database, clock)) {
            assertThat(fixture.row(id).token()).isZero();
            assertThat(fixture.value(id, "taken_by")).isNull();
            Scheduler scheduler = fixture.scheduler(fixture.task());
            scheduler.start();
            try {
                Awaitility.await()
                        .atMost(Duration.ofSeconds(20))
                        .until(() -> fixture.state(id) == UploadState.DELIVERED);
            } finally {
                scheduler.stop();
            }
        }
    }

    private UploadId queued(TestDatabase database) throws IOException {
        try (DeliveryFixture fixture = new DeliveryFixture(folder, database, clock)) {
            fixture.queue(fixture.scheduler(fixture.task()));
            return fixture.finished(DeliveryTaskContract.bytes(100)).id();
        }
    }

    private static void asBeforeV8(TestDatabase database) {
        database.jdbc().sql("alter table delivery drop column taken_by").update();
        database.jdbc().sql("alter table delivery drop column taken_until").update();
        database.jdbc()
                .sql("create index priority_execution_time_idx on scheduled_tasks (priority desc, execution_time asc)")
                .update();
        database.jdbc()
                .sql("create index delivery_open_idx on delivery (destination, status, delivered_at)")
                .update();
        database.jdbc().sql("drop table database_age").update();
        for (String later : List.of(
                "api_key",
                "audit",
                "creation_key",
                "statistics",
                "statistics_cursor",
                "statistics_missed",
                "statistics_open",
                "upload_batch",
                "upload_history",
                "upload_url",
                "usage")) {
            database.jdbc().sql("drop table " + later).update();
        }
        for (String index : List.of("upload_owner_idx", "upload_over_idx")) {
            database.jdbc().sql("drop index if exists " + index).update();
        }
        for (String column : List.of("credential", "object_key", "expire_after", "first_byte_at")) {
            database.jdbc().sql("alter table upload drop column " + column).update();
        }
        database.jdbc()
                .sql("delete from \"flyway_schema_history\" where cast(\"version\" as int) >= 8")
                .update();
    }
}
