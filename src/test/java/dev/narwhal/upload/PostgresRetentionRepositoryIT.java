package dev.narwhal.upload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.SharedPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PostgresRetentionRepositoryIT extends RetentionRepositoryContract {

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

    @ParameterizedTest
    @MethodSource("inventory")
    void inventory_readsTheIndexAndNotTheTable(String sql) {
        String plan = database.committer().commit(() -> {
            // Of a table that fits a page no index is worth its while.
            database.jdbc().sql("set local enable_seqscan = off").update();
            return String.join(
                    "\n",
                    database.jdbc().sql("explain " + sql).query(String.class).list());
        });

        assertThat(plan).contains("upload_open_idx");
    }
}
