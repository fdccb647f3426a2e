package dev.narwhal.protocol.tus;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.access.ApiKeys;
import dev.narwhal.access.Limits;
import dev.narwhal.access.Role;
import dev.narwhal.testkit.DeliveredFiles;
import dev.narwhal.testkit.PlainTus;
import dev.narwhal.testkit.ServerInProcess;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that was open is closed, and opened again. */
class OpenToClosedIT {

    @TempDir
    private Path dir;

    private final PlainTus tus = new PlainTus();

    @Test
    void uploadsOfOpenAccess_goOnByTheirUrl_andOwnedOnesStayTheirOwners() throws Exception {
        String path;
        try (ServerInProcess open = ServerInProcess.start(dir)) {
            path = tus.create(open.uploads(), 10, "a.txt").getPath();
            assertThat(tus.patch(open.root().resolve(path), 0, "hello".getBytes(UTF_8))
                            .statusCode())
                    .isEqualTo(204);
        }
        String owned;
        try (ServerInProcess closed = ServerInProcess.start(dir, "--narwhal.access.mode=closed")) {
            URI upload = closed.root().resolve(path);
            assertThat(tus.tryCreate(closed.uploads(), 10, "b.txt").statusCode())
                    .isEqualTo(401);
            String id = path.substring("/files/".length());
            assertThat(list(closed, key(closed, "root", Role.ADMIN))).contains(id);
            assertThat(list(closed, key(closed, "ann", Role.READ))).doesNotContain(id);
            assertThat(tus.offset(upload)).isEqualTo(5);
            assertThat(tus.patch(upload, 5, "world".getBytes(UTF_8)).statusCode())
                    .isEqualTo(204);
            DeliveredFiles.in(dir.resolve("delivered")).await(upload);
            assertThat(tus.send("GET", upload, BodyPublishers.noBody()).statusCode())
                    .isEqualTo(401);
            try (PlainTus ann = PlainTus.with(key(closed, "ann", Role.UPLOAD))) {
                owned = ann.create(closed.uploads(), 10, "c.txt").getPath();
            }
        }
        try (ServerInProcess open = ServerInProcess.start(dir)) {
            assertThat(tus.head(open.root().resolve(owned)).statusCode()).isEqualTo(404);
        }
    }

    private static String list(ServerInProcess server, String key) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                            HttpRequest.newBuilder(server.root().resolve("api/v1/uploads"))
                                    .header("X-Api-Key", key)
                                    .build(),
                            BodyHandlers.ofString())
                    .body();
        }
    }

    private static String key(ServerInProcess server, String owner, Role scope) {
        return server.context()
                .getBean(ApiKeys.class)
                .create(owner, Set.of(scope), Limits.NONE, null, "test")
                .text();
    }
}
