package dev.narwhal.api.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.access.ApiKeys;
import dev.narwhal.access.Limits;
import dev.narwhal.access.Role;
import dev.narwhal.statistics.StatisticsRollup;
import dev.narwhal.testkit.PlainTus;
import dev.narwhal.testkit.ServerInProcess;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who sees what of statistics, events, settings and destinations where access is closed. */
class ServerScopesIT {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path dir;

    @SuppressWarnings("NullAway.Init")
    private static ServerInProcess server;

    @BeforeAll
    static void start() {
        server = ServerInProcess.start(dir.resolve("data"), "--narwhal.access.mode=closed");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String key(String owner, Role... roles) {
        Set<Role> scopes = Arrays.stream(roles).collect(Collectors.toSet());
        return server.context()
                .getBean(ApiKeys.class)
                .create(owner, scopes, Limits.NONE, null, "test")
                .text();
    }

    private static HttpResponse<String> send(String method, String path, String key) throws Exception {
        return PlainTus.with(key).send(method, server.root().resolve("api/v1/" + path), BodyPublishers.noBody());
    }

    @Test
    void config_isForEveryKey_andDestinationsAreForOperators() throws Exception {
        String upload = key("ann", Role.UPLOAD);
        String read = key("ann", Role.READ);
        String operate = key("ann", Role.OPERATE);

        assertThat(send("GET", "config", upload).statusCode()).isEqualTo(200);
        for (String key : new String[] {upload, read}) {
            assertThat(send("GET", "destinations", key).body()).contains("SCOPE_MISSING");
            assertThat(send("GET", "destinations/default", key).statusCode()).isEqualTo(403);
            assertThat(send("POST", "destinations/default/resume", key).statusCode())
                    .isEqualTo(403);
        }
        assertThat(send("GET", "destinations", operate).statusCode()).isEqualTo(200);
        assertThat(send("GET", "statistics", upload).statusCode()).isEqualTo(403);
        assertThat(send("GET", "events", upload).statusCode()).isEqualTo(403);
    }

    @Test
    void statistics_ofAnOwner_areItsOwn() throws Exception {
        PlainTus.with(key("bea", Role.UPLOAD)).create(server.uploads(), 5, "a.txt");
        StatisticsRollup rollup = server.context().getBean(StatisticsRollup.class);
        for (int run = 0; run < 2; run++) {
            boolean unused = rollup.run(() -> false);
        }
        String bea = key("bea", Role.READ);
        String other = key("other", Role.READ);

        assertThat(send("GET", "statistics", bea).body()).contains("\"owner\":\"bea\"", "\"created\":1");
        assertThat(send("GET", "statistics?owner=bea", bea).statusCode()).isEqualTo(200);
        assertThat(send("GET", "statistics", other).body()).contains("\"items\":[]");
        assertThat(send("GET", "statistics?owner=bea", other).body()).contains("SCOPE_MISSING");
        assertThat(send("GET", "statistics?owner=bea", key("op", Role.OPERATE)).body())
                .contains("\"created\":1");
        assertThat(send("GET", "statistics", key("op", Role.OPERATE)).body()).contains("\"owner\":null");
    }

    @Test
    void events_ofAnOwner_areItsOwn() throws Exception {
        String cid = key("cid", Role.READ);
        String upload = PlainTus.with(key("dan", Role.UPLOAD))
                .create(server.uploads(), 5, "a.txt")
                .getPath()
                .substring("/files/".length());
        assertThat(send("GET", "events?upload=" + upload, cid).body()).contains("UPLOAD_NOT_FOUND");
        assertThat(send("GET", "uploads/" + upload + "/events", cid).statusCode())
                .isEqualTo(404);
        assertThat(send("GET", "events?owner=dan", cid).body()).contains("SCOPE_MISSING");

        HttpURLConnection stream = (HttpURLConnection)
                server.root().resolve("api/v1/events").toURL().openConnection();
        stream.setRequestProperty("X-Api-Key", cid);
        try (InputStream in = stream.getInputStream()) {
            StringBuilder text = new StringBuilder();
            readUntil(in, text, "event: hello");
            PlainTus.with(key("dan", Role.UPLOAD)).create(server.uploads(), 5, "dan.txt");
            PlainTus.with(key("cid", Role.UPLOAD)).create(server.uploads(), 5, "cid.txt");
            readUntil(in, text, "cid.txt");

            assertThat(text).doesNotContain("dan.txt");
        }
    }

    private static void readUntil(InputStream in, StringBuilder text, String wanted) throws Exception {
        byte[] buffer = new byte[4096];
        while (text.indexOf(wanted) < 0) {
            int read = in.read(buffer);
            assertThat(read).as(text.toString()).isPositive();
            text.append(new String(buffer, 0, read, StandardCharsets.UTF_8));
        }
    }
}
