package dev.narwhal.ingest;

import dev.narwhal.database.ConnectionTap;
import dev.narwhal.upload.TestDatabase;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class H2ExpirySweepIT extends ExpirySweepContract {

    @TempDir
    static Path directory;

    private static TestDatabase database;

    @SuppressWarnings("NullAway.Init")
    private static ConnectionTap tap;

    @BeforeAll
    static void openDatabase() {
        database = TestDatabase.h2(directory, pool -> tap = new ConnectionTap(pool));
    }

    @AfterAll
    static void closeDatabase() {
        database.close();
    }

    @Override
    TestDatabase database() {
        return database;
    }

    @Override
    ConnectionTap tap() {
        return tap;
    }
}
