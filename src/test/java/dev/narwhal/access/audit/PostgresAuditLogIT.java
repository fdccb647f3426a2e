package dev.narwhal.access.audit;

import dev.narwhal.testkit.SharedPostgres;
import dev.narwhal.upload.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class PostgresAuditLogIT extends AuditLogContract {

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
}
