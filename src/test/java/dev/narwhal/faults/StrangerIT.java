package dev.narwhal.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.DeliveredFiles;
import dev.narwhal.testkit.HandFedPatch;
import dev.narwhal.testkit.NarwhalProcess;
import dev.narwhal.testkit.PlainTus;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Somebody who knows the URL of another's upload: it is not there for him, and he stops nothing. */
@Tag("faults")
@Tag("brief")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class StrangerIT {

    @TempDir
    private Path dir;

    @Test
    void requestsOfAStranger_doNotDisturbALiveBody() throws Exception {
        try (EmbeddedPostgres database = EmbeddedPostgres.start();
                NarwhalProcess server = NarwhalProcess.start(
                        dir.resolve("data"),
                        "--spring.datasource.url=" + database.getJdbcUrl("postgres", "postgres"),
                        "--spring.datasource.username=postgres");
                PlainTus stranger = new PlainTus()) {
            URI upload = stranger.create(server.uploads(), 10, "mine.txt");
            try (HandFedPatch live = HandFedPatch.begin(upload, 0, 10).send("hello".getBytes())) {
                Awaitility.await().until(() -> stranger.offset(upload) == 5);
                giveToSomebodyElse(database);
                assertThat(stranger.delete(upload).statusCode()).isEqualTo(404);
                assertThat(stranger.patch(upload, 5, "WORLD".getBytes()).statusCode())
                        .isEqualTo(404);
                assertThat(stranger.head(upload).statusCode()).isEqualTo(404);
                assertThat(live.send("world".getBytes()).status()).isEqualTo(204);
            }
            Path expected = Files.writeString(dir.resolve("expected"), "helloworld");
            DeliveredFiles.in(server.delivered()).assertHolds(upload, expected);
        }
    }

    /** Who calls is not known yet to a server that is open to all: so it is the upload that changes hands. */
    private static void giveToSomebodyElse(EmbeddedPostgres database) throws Exception {
        try (Connection connection = database.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            assertThat(statement.executeUpdate("update upload set owner = 'ann'"))
                    .isEqualTo(1);
        }
    }
}
