package dev.narwhal.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.DeliveredFiles;
import dev.narwhal.testkit.HandFedPatch;
import dev.narwhal.testkit.NarwhalProcess;
import dev.narwhal.testkit.PlainTus;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.HexFormat;
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
                        "--narwhal.access.mode=closed",
                        "--spring.datasource.url=" + database.getJdbcUrl("postgres", "postgres"),
                        "--spring.datasource.username=postgres")) {
            String key = keyOf("ann", "a", database);
            try (PlainTus ann = PlainTus.with(key);
                    PlainTus stranger = PlainTus.with(keyOf("ben", "b", database))) {
                URI upload = ann.create(server.uploads(), 10, "mine.txt");
                try (HandFedPatch live = HandFedPatch.begin(upload, 0, 10, "X-Api-Key: " + key)) {
                    live.send("hello".getBytes(UTF_8));
                    Awaitility.await().until(() -> ann.offset(upload) == 5);
                    assertThat(stranger.delete(upload).statusCode()).isEqualTo(404);
                    assertThat(stranger.patch(upload, 5, "WORLD".getBytes(UTF_8))
                                    .statusCode())
                            .isEqualTo(404);
                    assertThat(stranger.head(upload).statusCode()).isEqualTo(404);
                    assertThat(live.send("world".getBytes(UTF_8)).status()).isEqualTo(204);
                }
                Path expected = Files.writeString(dir.resolve("expected"), "helloworld");
                DeliveredFiles.in(server.delivered()).assertHolds(upload, expected);
            }
        }
    }

    /** A key as the database has it: its id and secret consist of one hexadecimal digit. */
    private static String keyOf(String owner, String digit, EmbeddedPostgres database) throws Exception {
        String secret = digit.repeat(64);
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(secret.getBytes(UTF_8));
        try (Connection connection = database.getPostgresDatabase().getConnection();
                PreparedStatement insert = connection.prepareStatement("""
                        insert into api_key (id, owner, scopes, secret_hash, created_at, created_by)
                        values (?, ?, 'upload', ?, now(), 'test')
                        """)) {
            insert.setString(1, digit.repeat(12));
            insert.setString(2, owner);
            insert.setString(3, HexFormat.of().formatHex(hash));
            assertThat(insert.executeUpdate()).isEqualTo(1);
        }
        return "nwl_" + digit.repeat(12) + "_" + secret;
    }
}
