package dev.narwhal.protocol.tus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.HandFedPatch;
import dev.narwhal.testkit.PlainTus;
import dev.narwhal.testkit.ServerInProcess;
import java.net.URI;
import java.nio.file.Path;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Limits of the whole node, and of nobody while access is open. */
class ServerLimitsIT {

    @TempDir
    static Path dir;

    private static ServerInProcess server;

    private final PlainTus tus = new PlainTus();

    @BeforeAll
    static void start() {
        server = ServerInProcess.start(
                dir.resolve("data"), "--narwhal.limits.server.bodies=2", "--narwhal.limits.owner.staged-bytes=100B");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void bodies_creationsAreShedFirst_andNobodyIsAnOwner() throws Exception {
        URI first = tus.create(server.uploads(), 10, "a");
        URI second = tus.create(server.uploads(), 10, "b");
        URI third = tus.create(server.uploads(), 80, "c");
        assertThat(tus.tryCreate(server.uploads(), 1, "d").body()).contains("STAGED_BYTES_USED");
        try (HandFedPatch one = HandFedPatch.begin(first, 0, 10).send(new byte[5])) {
            Awaitility.await().until(() -> tus.offset(first) == 5);
            assertThat(tus.tryCreate(server.uploads(), 1, "d").body()).contains("TOO_MANY_BODIES");
            try (HandFedPatch two = HandFedPatch.begin(second, 0, 10).send(new byte[5])) {
                Awaitility.await().until(() -> tus.offset(second) == 5);
                assertThat(tus.patch(third, 0, new byte[80]).body()).contains("TOO_MANY_BODIES");
                assertThat(tus.offset(third)).isZero();
                assertThat(two.send(new byte[5]).status()).isEqualTo(204);
            }
            assertThat(one.send(new byte[5]).status()).isEqualTo(204);
        }
        Awaitility.await().until(() -> tus.patch(third, 0, new byte[80]).statusCode() != 503);
        Awaitility.await().until(() -> tus.tryCreate(server.uploads(), 100, "d").statusCode() == 201);
    }
}
