package dev.narwhal.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.SharedPostgres;
import dev.narwhal.upload.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PostgresStatisticsIT extends StatisticsContract {

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

    @Test
    void page_readsTheIndexAndNotTheTable() {
        String plan = database.committer().commit(() -> {
            database.jdbc().sql("set local enable_seqscan = off").update();
            return String.join(
                    "\n",
                    database.jdbc().sql("explain " + page()).query(String.class).list());
        });

        assertThat(plan).contains("upload_open_idx").doesNotContain("Seq Scan");
    }
}
