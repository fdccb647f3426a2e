package dev.narwhal.upload;

import static dev.narwhal.upload.UploadBuilder.upload;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class H2ExpiryRepositoryIT extends ExpiryRepositoryContract {

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

    /** H2 tells how many rows it has looked at. */
    @Test
    void due_looksAtNoRowThatIsNotDue() {
        for (int i = 0; i < 20; i++) {
            created(upload().length(0L).state(UploadState.FINISHED));
            created(upload());
        }
        String due = ExpiryRepository.DUE
                .replace(":volume", "'" + volume + "'")
                .replace(":never", "timestamp with time zone '1970-01-01 00:00:00Z'")
                .replace(":now", "timestamp with time zone '2026-01-01 00:00:00Z'")
                .replace(":limit", "100");

        String plan = database.jdbc()
                .sql("explain analyze " + due)
                .query(String.class)
                .single();

        assertThat(plan)
                .containsIgnoringCase("upload_sweep_idx")
                .contains("index sorted")
                .containsPattern("scanCount: [01]\\b");
    }
}
