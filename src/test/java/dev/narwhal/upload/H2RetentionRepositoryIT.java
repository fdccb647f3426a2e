package dev.narwhal.upload;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class H2RetentionRepositoryIT extends RetentionRepositoryContract {

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

    @ParameterizedTest
    @MethodSource("inventory")
    void inventory_readsTheIndexAndNotTheTable(String sql) {
        // In a table of a few rows, or before H2 has counted them, every index costs the same.
        IntStream.range(0, 100).forEach(unused -> over(UploadState.DELIVERED));
        database.jdbc().sql("analyze").update();
        String plan = database.jdbc().sql("explain " + sql).query(String.class).single();

        assertThat(plan).containsIgnoringCase("upload_open_idx");
    }
}
