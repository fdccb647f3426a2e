package dev.narwhal.access.audit;

import dev.narwhal.upload.TestDatabase;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class H2AuditLogIT extends AuditLogContract {

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
}
