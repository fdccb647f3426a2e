package dev.narwhal.faults;

import dev.narwhal.testkit.NarwhalProcess;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;

class PostgresRandomSequencesIT extends RandomSequencesContract {

    @SuppressWarnings("NullAway.Init")
    private EmbeddedPostgres database;

    @Override
    NarwhalProcess start(Path dataDir) throws IOException {
        database = EmbeddedPostgres.builder().start();
        return NarwhalProcess.start(
                dataDir,
                "--spring.datasource.url=" + database.getJdbcUrl("postgres", "postgres"),
                "--spring.datasource.username=postgres");
    }

    @Override
    void stopDatabase() throws IOException {
        database.close();
    }
}
