package dev.narwhal.ingest;

import dev.narwhal.database.ConnectionTap;
import dev.narwhal.upload.TestDatabase;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class PostgresExpirySweepIT extends ExpirySweepContract {

    private static EmbeddedPostgres postgres;
    private static TestDatabase database;

    @SuppressWarnings("NullAway.Init")
    private static ConnectionTap tap;

    @BeforeAll
    static void openDatabase() throws IOException {
        postgres = EmbeddedPostgres.builder().start();
        database = TestDatabase.postgres(
                postgres.getJdbcUrl("postgres", "postgres"), pool -> tap = new ConnectionTap(pool));
    }

    @AfterAll
    static void closeDatabase() throws IOException {
        database.close();
        postgres.close();
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
