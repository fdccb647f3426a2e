package dev.narwhal.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.upload.TestDatabase;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class H2StatisticsIT extends StatisticsContract {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path dataDirectory;

    @SuppressWarnings("NullAway.Init")
    private static TestDatabase database;

    @BeforeAll
    static void open() {
        database = TestDatabase.h2(dataDirectory);
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
        // In a table of a few rows, or before H2 has counted them, every index costs the same.
        createMany(100);
        database.jdbc().sql("analyze").update();
        String plan =
                database.jdbc().sql("explain " + page()).query(String.class).single();

        assertThat(plan.split("UPLOAD_OPEN_IDX", -1)).as(plan).hasSize(7);
        assertThat(plan.split("index sorted", -1)).as(plan).hasSize(7);
    }
}
