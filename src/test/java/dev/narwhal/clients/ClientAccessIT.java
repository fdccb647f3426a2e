package dev.narwhal.clients;

import static dev.narwhal.clients.KeyedClients.CHUNK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.access.control.CommandResult;
import dev.narwhal.access.control.ControlClient;
import dev.narwhal.testkit.DeliveredFiles;
import dev.narwhal.testkit.NarwhalProcess;
import dev.narwhal.testkit.PlainTus;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of uploads when a key expires or is revoked, or when the next upload URL is another one. */
@Tag("clients")
class ClientAccessIT {

    private static final Path DOCUMENT = Path.of("docs", "access.md");
    private static final Pattern FINGERPRINT =
            Pattern.compile("<!-- fingerprint -->\\s*```js\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern URL = Pattern.compile("\"url\":\"([^\"]+)\"");
    private static final String[] ANN = {"--owner=ann", "--scopes=upload,read"};

    private static final String LAST = 3 * CHUNK + " 204";

    @TempDir
    static Path directory;

    private static AccessLog log;
    private static NarwhalProcess server;
    private static PlainTus ann;
    private static PlainTus admin;
    private static Path file;

    @BeforeAll
    static void start() throws IOException {
        log = new AccessLog(directory.resolve("log"));
        List<String> settings = new ArrayList<>(log.settings());
        settings.add("--narwhal.access.mode=closed");
        server = NarwhalProcess.start(directory.resolve("data"), settings.toArray(String[]::new));
        ann = PlainTus.with(key(ANN));
        admin = PlainTus.with(key("--owner=root", "--scopes=admin"));
        // The last chunk is shorter, so that no client ends with an empty one.
        byte[] content = new byte[3 * CHUNK + CHUNK / 2];
        new Random(7).nextBytes(content);
        file = Files.write(directory.resolve("film.bin"), content);
    }

    @AfterAll
    static void stop() throws IOException {
        ann.close();
        admin.close();
        server.close();
    }

    @Test
    void keyExpiresInMidUpload_andIsRenewed_noByteIsSentTwice() throws Exception {
        int mark = log.mark();
        try (KeyedClients clients = KeyedClients.start(server, file)) {
            clients.holdAfter(CHUNK + CHUNK / 2);
            String brief = key("--owner=ann", "--scopes=upload", "--expires=4s");
            clients.give(brief);
            clients.awaitHeld();
            awaitExpired(brief);
            clients.letGo();
            clients.awaitWanted();
            clients.give(key(ANN));

            for (KeyedClients.One client : clients.all()) {
                URI upload = client.process().awaitDone();
                DeliveredFiles.in(server.delivered()).assertHolds(upload, file);
                // The body that was let in goes on, the next one is refused.
                awaitPatches(mark, upload, "0 204", CHUNK + " 204", 2 * CHUNK + " 423", 2 * CHUNK + " 204", LAST);
            }
            assertThat(log.creationsSince(mark)).hasSameSizeAs(clients.all());
        }
    }

    @Test
    void keyExpiredBeforeTheCreation_isRenewed_butByTusJavaClient() throws Exception {
        String expired = key("--owner=ann", "--scopes=upload", "--expires=1s");
        try (KeyedClients clients = KeyedClients.start(server, file)) {
            awaitExpired(expired);
            clients.give(expired);
            clients.give(key(ANN));

            for (KeyedClients.One client : clients.all()) {
                if (client.name().equals("tus-java-client")) {
                    assertThat(client.process().awaitLine("FAILED")).endsWith("401");
                } else {
                    DeliveredFiles.in(server.delivered())
                            .assertHolds(client.process().awaitDone(), file);
                }
            }
        }
    }

    @Test
    void keyRevokedInMidUpload_endsTheBody_andWhatCameIsKept() throws Exception {
        int mark = log.mark();
        try (KeyedClients clients = KeyedClients.start(server, file)) {
            int number = clients.all().size();
            double before = received();
            clients.holdAfter(CHUNK + CHUNK / 2);
            String doomed = key("--owner=ann", "--scopes=upload");
            clients.give(doomed);
            clients.awaitHeld();
            Awaitility.await("the bodies have begun")
                    .until(() -> received() >= before + number * (CHUNK + CHUNK / 4.0));

            keys("revoke", id(doomed));
            String ended = "access.bodies-ended credential=key:" + id(doomed) + " bodies=" + number;
            Awaitility.await("all bodies have ended").until(() -> server.log().contains(ended));
            clients.letGo();
            clients.giveNone();

            for (KeyedClients.One client : clients.all()) {
                assertThat(client.process().awaitLine("FAILED"))
                        .as(client.name())
                        .contains("401");
            }
            assertThat(log.creationsSince(mark)).hasSize(number).allSatisfy(creation -> {
                assertThat(ann.offset(server.root().resolve(creation.location())))
                        .isBetween(CHUNK + CHUNK / 4L, CHUNK + CHUNK / 2L);
            });
        }
    }

    @Test
    void reloadWithAnotherUploadUrl_goesOnByTheStoredOne() throws Exception {
        String before = uploadUrl();
        String after = uploadUrl();
        int mark = log.mark();
        Path functions = Files.writeString(directory.resolve("fingerprint.mjs"), documented());
        String store = directory.resolve("urls").toString();
        for (String client : List.of(".tus", ".uppy")) {
            // The lock beside the file needs a file.
            Files.createFile(Path.of(store + client));
        }
        Path scripts = Path.of("src", "test", "node").toAbsolutePath();
        String[] command = {"node", "reload.js", functions.toString(), file.toString(), store, before, after};
        try (ClientProcess node = new ClientProcess(scripts, Map.of(), command)) {
            for (String client : List.of("tus ", "uppy ")) {
                URI upload = URI.create(node.awaitLine(client).substring(client.length()));
                assertThat(upload.toString()).startsWith(before + "/");
                DeliveredFiles.in(server.delivered()).assertHolds(upload, file);
                awaitPatches(mark, upload, "0 204", CHUNK + " 204", 2 * CHUNK + " 204", LAST);
            }
        }
        assertThat(log.creationsSince(mark))
                .filteredOn(creation -> creation.path().startsWith("/files/"))
                .hasSize(2);
    }

    private static String documented() throws IOException {
        Matcher block = FINGERPRINT.matcher(Files.readString(DOCUMENT));
        assertThat(block.find()).as(DOCUMENT + " has the functions").isTrue();
        return block.group(1);
    }

    private static String uploadUrl() throws Exception {
        HttpResponse<String> made = ann.send(
                "POST",
                server.root().resolve("api/v1/upload-urls"),
                BodyPublishers.ofString("{\"uses\": 2}"),
                "Content-Type",
                "application/json");
        Matcher url = URL.matcher(made.body());
        assertThat(url.find()).as(made.body()).isTrue();
        return url.group(1);
    }

    /** In their order: offset and status of each. The log may be a moment behind the answer. */
    private static void awaitPatches(int mark, URI upload, String... expected) {
        String id = upload.getPath().substring(upload.getPath().lastIndexOf('/') + 1);
        Awaitility.await()
                .untilAsserted(() -> assertThat(log.since(mark))
                        .filteredOn(request -> request.isPatch() && request.id().equals(id))
                        .extracting(request -> request.offset() + " " + request.status())
                        .containsExactly(expected));
    }

    private static double received() throws Exception {
        return admin.send("GET", server.root().resolve("actuator/prometheus"), BodyPublishers.noBody())
                .body()
                .lines()
                .filter(line -> line.startsWith("narwhal_bodies_received_bytes_total "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private static void awaitExpired(String key) {
        try (PlainTus tus = PlainTus.with(key)) {
            URI none = URI.create(server.uploads() + "/" + "0".repeat(32));
            Awaitility.await("the key has expired").until(() -> tus.head(none).statusCode() == 423);
        }
    }

    private static String key(String... options) throws IOException {
        List<String> words = new ArrayList<>(List.of(options));
        words.addFirst("create");
        return keys(words.toArray(String[]::new)).strip();
    }

    private static String id(String key) {
        return key.split("_")[1];
    }

    /** Beside the running server, as the command {@code keys} does it. */
    private static String keys(String... words) throws IOException {
        CommandResult result =
                ControlClient.send(server.dataDir(), List.of(words)).orElseThrow();
        assertThat(result.status()).as(result.err()).isZero();
        return result.out();
    }
}
