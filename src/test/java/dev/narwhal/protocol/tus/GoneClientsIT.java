package dev.narwhal.protocol.tus;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.narwhal.access.ApiKeys;
import dev.narwhal.access.Limits;
import dev.narwhal.access.Role;
import dev.narwhal.testkit.HandFedPatch;
import dev.narwhal.testkit.PlainTus;
import dev.narwhal.testkit.ServerInProcess;
import dev.narwhal.upload.Race;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that are gone in the middle of a PATCH, a hundred times as many as the database has connections. */
class GoneClientsIT {

    private static final int CLIENTS = 20;
    private static final int EACH = 50;

    @TempDir
    private Path dir;

    @Test
    void clientsThatAreGone_keepNoConnectionOfTheDatabase_andNoBody() throws Exception {
        try (ServerInProcess server = ServerInProcess.start(
                dir.resolve("data"),
                "--narwhal.access.mode=closed",
                "--spring.datasource.hikari.maximum-pool-size=10")) {
            String key = server.context()
                    .getBean(ApiKeys.class)
                    .create("ann", Set.of(Role.UPLOAD), Limits.NONE, null, "test")
                    .text();

            var unused = Race.run(CLIENTS, client -> leaveOften(server.uploads(), key));

            MeterRegistry meters = server.context().getBean(MeterRegistry.class);
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> meters.get("narwhal.bodies.active").gauge().value() == 0);
            HikariDataSource pool = server.context().getBean(DataSource.class).unwrap(HikariDataSource.class);
            await().until(() -> pool.getHikariPoolMXBean().getActiveConnections() == 0);
            assertThat(pool.getHikariPoolMXBean().getThreadsAwaitingConnection())
                    .isZero();
            try (PlainTus tus = PlainTus.with(key)) {
                URI upload = tus.create(server.uploads(), 5, "after.txt");
                assertThat(tus.patch(upload, 0, "hello".getBytes(UTF_8)).statusCode())
                        .isEqualTo(204);
            }
        }
    }

    private static boolean leaveOften(URI files, String key) throws Exception {
        try (PlainTus tus = PlainTus.with(key)) {
            URI upload = tus.create(files, 1_000_000, "gone.bin");
            for (int i = 0; i < EACH; i++) {
                try (HandFedPatch body = HandFedPatch.begin(upload, 0, 1_000_000, "X-Api-Key: " + key)) {
                    body.send("hello".getBytes(UTF_8));
                }
            }
        }
        return true;
    }
}
