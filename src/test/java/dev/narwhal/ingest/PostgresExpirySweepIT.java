package dev.narwhal.ingest;

import dev.narwhal.database.ConnectionTap;
import dev.narwhal.testkit.SharedPostgres;
import dev.narwhal.upload.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class PostgresExpirySweepIT extends ExpirySweepContract {

    private static TestDatabase database;

    @SuppressWarnings("NullAway.Init")
    private static ConnectionTap tap;

    @BeforeAll
    static void openDatabase() {
        database = TestDatabase.postgres(SharedPostgres.newDatabase(), pool -> tap = new ConnectionTap(pool));
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
