package dev.narwhal.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.GeneratedContent;
import dev.narwhal.testkit.S3Store;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** What a killed server has made of what its clients have sent. */
final class CrashVerdict {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final List<String> UNDER_WAY = List.of("pending", "sending", "completing");

    private final CrashedServer server;
    private final CrashLoad load;
    private final Map<String, Row> rows = new HashMap<>();

    CrashVerdict(CrashedServer server, CrashLoad load) {
        this.server = server;
        this.load = load;
    }

    private record Row(String kind, String state, long offset) {
        boolean isDelivered() {
            return state.equals("DELIVERED");
        }

        /** A whole or final upload to the last byte of which the server has said yes. */
        boolean isOwed() {
            return !kind.equals("PARTIAL") && !state.equals("RECEIVING");
        }
    }

    /** What was acknowledged to its last byte is there to its last byte, whatever has been killed since. */
    void requireAcknowledged() throws IOException, InterruptedException, KilledException {
        for (Map.Entry<URI, String> upload : load.home().entrySet()) {
            HttpResponse<String> answer = server.send("HEAD", upload.getKey(), BodyPublishers.noBody());
            assertThat(answer.statusCode()).as("HEAD of %s", upload).isEqualTo(200);
            assertThat(answer.headers().firstValueAsLong("Upload-Offset"))
                    .as("offset of %s", upload)
                    .hasValue(content(upload.getValue()).length());
        }
    }

    void awaitDeliveries() {
        try (HttpClient http = HttpClient.newHttpClient()) {
            eventually("all deliveries are done", () -> UNDER_WAY.stream().allMatch(status -> isEmpty(http, status)));
        }
        eventually(
                "the store has no multipart upload left",
                () -> server.store().multiparts().isEmpty());
        eventually(
                "what is delivered is staged no more",
                () -> load.home().keySet().stream().noneMatch(url -> staged(id(url)) >= 0));
    }

    private boolean isEmpty(HttpClient http, String status) {
        HttpRequest request = HttpRequest.newBuilder(server.management("deliveries?status=" + status))
                .build();
        try {
            HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(200);
            return answer.body().strip().equals("[]");
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static void eventually(String what, Callable<Boolean> condition) {
        Awaitility.await(what)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(condition);
    }

    /** With the server stopped: rows, staged files and delivered ones tell the same. */
    void requireExactlyOnce(Connection database) throws SQLException, IOException {
        readRows(database);
        Map<String, String> stored = new TreeMap<>();
        server.store().keys().forEach(key -> add(stored, key, CrashedServer.TO_STORE));
        int objects = stored.size();
        for (Path file : files(server.delivered())) {
            add(stored, server.delivered().relativize(file).toString(), CrashedServer.TO_DIRECTORY);
        }
        assertThat(stored.keySet())
                .as("delivered are the uploads that are finished, known to a client or not, and nothing else")
                .containsExactlyInAnyOrderElementsOf(rows.entrySet().stream()
                        .filter(row -> row.getValue().isOwed())
                        .map(Map.Entry::getKey)
                        .toList());
        assertThat(stored.keySet())
                .containsAll(load.home().keySet().stream().map(CrashVerdict::id).toList());
        assertThat(rows.values().stream().filter(Row::isOwed)).allMatch(Row::isDelivered);
        assertThat(server.storeLine().objectsMade())
                .as("how often the store has made each object")
                .hasSize(objects)
                .allSatisfy((path, times) -> assertThat(times).as(path).isOne());
        requireStagedAsRecorded();
    }

    /** One object an upload, in the right place, of the right bytes. */
    private void add(Map<String, String> stored, String key, String place) {
        String[] words = key.split("/");
        assertThat(words).as("no temporary or foreign name: %s", key).hasSize(3);
        assertThat(words[2]).as(key).endsWith("-" + place + ".bin").doesNotStartWith(".");
        assertThat(stored.put(words[1], key))
                .as("a second object of one upload")
                .isNull();
        try (InputStream there = place.equals(CrashedServer.TO_STORE)
                ? server.store()
                        .client()
                        .getObject(r -> r.bucket(S3Store.BUCKET).key(key))
                : Files.newInputStream(server.delivered().resolve(key))) {
            assertThat(content(words[2]).mismatch(there))
                    .as("first byte that differs in %s", key)
                    .isEmpty();
        } catch (IOException e) {
            throw new AssertionError(key + " cannot be read", e);
        }
    }

    /** A creation that was cut off before its row has left a file, which the next start has removed. */
    private void requireStagedAsRecorded() throws IOException {
        for (Path file : files(server.dataDir().resolve("staging"))) {
            String id = file.getFileName().toString();
            Row row = rows.get(id);
            assertThat(row != null || id.startsWith("."))
                    .as("without a row: %s", file)
                    .isTrue();
            assertThat(row != null && row.isDelivered())
                    .as("staged though delivered: %s", file)
                    .isFalse();
        }
        rows.forEach((id, row) -> {
            if (!row.isDelivered() && !row.kind().equals("FINAL")) {
                // An upload without bytes has no file.
                assertThat(Math.max(0, staged(id))).as("staged bytes of %s", id).isGreaterThanOrEqualTo(row.offset());
            }
        });
    }

    private void readRows(Connection database) throws SQLException {
        try (Statement statement = database.createStatement();
                ResultSet found = statement.executeQuery("select id, kind, state, \"offset\" from upload")) {
            while (found.next()) {
                rows.put(found.getString(1), new Row(found.getString(2), found.getString(3), found.getLong(4)));
            }
        }
    }

    /** -1 when there is no such file. */
    /** -1 without a file. */
    private long staged(String id) {
        Path file =
                server.dataDir().resolve("staging").resolve(id.substring(0, 2)).resolve(id);
        try {
            return Files.exists(file) ? Files.size(file) : -1;
        } catch (IOException e) {
            return -1;
        }
    }

    /** Regular files below a directory, which need not be there; those that vanish meanwhile are left out. */
    static List<Path> files(Path root) throws IOException {
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !file.endsWith(".narwhal-destination"))
                    .toList();
        } catch (UncheckedIOException e) {
            return files(root);
        }
    }

    private GeneratedContent content(String name) {
        return Objects.requireNonNull(load.contents().get(name), () -> "Nobody has sent " + name);
    }

    private static String id(URI upload) {
        String path = upload.getPath();
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
