package dev.narwhal.upload;

import static dev.narwhal.upload.UploadBuilder.upload;
import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.SharedPostgres;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PostgresExpiryRepositoryIT extends ExpiryRepositoryContract {

    @SuppressWarnings("NullAway.Init")
    private static TestDatabase database;

    @BeforeAll
    static void open() {
        database = TestDatabase.postgres(SharedPostgres.newDatabase());
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @Override
    TestDatabase database() {
        return database;
    }

    /** A heap-only update touches no index: what an advance costs does not grow with the indexes. */
    @Test
    void advance_isAHeapOnlyUpdate() {
        Upload upload = created(upload());

        List<Long> counts = database.committer().commit(() -> {
            long all = updates("pg_stat_get_xact_tuples_updated");
            long heapOnly = updates("pg_stat_get_xact_tuples_hot_updated");
            clock.pass(Duration.ofHours(1));
            Upload moved = uploads.advance(upload, 10, 1).orElseThrow();
            clock.pass(Duration.ofHours(1));
            uploads.advance(moved, 20, 1);
            return List.of(
                    updates("pg_stat_get_xact_tuples_updated") - all,
                    updates("pg_stat_get_xact_tuples_hot_updated") - heapOnly);
        });

        assertThat(counts).containsExactly(2L, 2L);
    }

    private static long updates(String counter) {
        return database.jdbc()
                .sql("select " + counter + "('upload'::regclass)")
                .query(Long.class)
                .single();
    }

    @Test
    void due_readsTheIndexAndNotTheTable() {
        String plan = database.committer().commit(() -> {
            // Of a table that fits a page no index is worth its while.
            database.jdbc().sql("set local enable_seqscan = off").update();
            String due = ExpiryRepository.DUE
                    .replace(":volume", "'v'")
                    .replace(":never", "timestamptz '1970-01-01 00:00:00Z'")
                    .replace(":now", "now()")
                    .replace(":limit", "100");
            return String.join(
                    "\n",
                    database.jdbc().sql("explain " + due).query(String.class).list());
        });

        assertThat(plan).contains("Index Scan using upload_sweep_idx").doesNotContain("Sort");
    }
}
