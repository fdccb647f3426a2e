package dev.narwhal.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.BlobServiceClientBuilder;
import com.azure.storage.blob.BlobServiceVersion;
import com.azure.storage.blob.models.BlobItem;
import com.azure.storage.blob.models.BlobStorageException;
import com.azure.storage.blob.models.BlockListType;
import dev.narwhal.testkit.Azurite;
import dev.narwhal.testkit.NarwhalProcess;
import dev.narwhal.testkit.PlainTus;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The built server from its front door to Azure's emulator, and back. */
@Tag("azure")
class AzureDeliveryProcessIT {

    private static final String CONTAINER = "deliveries";
    private static final int MIB = 1 << 20;

    @TempDir
    Path dir;

    private Azurite azurite;
    private final PlainTus tus = new PlainTus();

    @BeforeEach
    void startStore() throws Exception {
        azurite = Azurite.start(Files.createDirectory(dir.resolve("store")));
    }

    @AfterEach
    void stopStore() {
        tus.close();
        azurite.close();
    }

    private NarwhalProcess server(String... more) throws Exception {
        String[] settings = {
            "--narwhal.destination.type=azure",
            "--narwhal.destination.azure.container=" + CONTAINER,
            "--narwhal.destination.azure.create-container=true",
            "--narwhal.destination.azure.connection-string=" + azurite.connectionString()
        };
        List<String> all = new ArrayList<>(List.of(settings));
        all.addAll(List.of(more));
        return NarwhalProcess.start(dir.resolve("data"), all.toArray(String[]::new));
    }

    private BlobContainerClient container() {
        return new BlobServiceClientBuilder()
                .connectionString(azurite.connectionString())
                .serviceVersion(BlobServiceVersion.V2022_11_02)
                .buildClient()
                .getBlobContainerClient(CONTAINER);
    }

    private List<String> keys() {
        return container().listBlobs().stream().map(BlobItem::getName).toList();
    }

    private static String key(URI upload, String name) {
        String path = upload.getPath();
        return "uploads/" + path.substring(path.lastIndexOf('/') + 1) + "/" + name;
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static ConditionFactory eventually() {
        return Awaitility.await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(20));
    }

    private static byte[] get(URI upload) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            var answer = http.send(HttpRequest.newBuilder(upload).build(), BodyHandlers.ofByteArray());
            assertThat(answer.statusCode()).isEqualTo(200);
            return answer.body();
        }
    }

    @Test
    void uploads_areDeliveredAndReadBack() throws Exception {
        byte[] large = random(40 * MIB + 1);
        byte[] small = "hello".getBytes(UTF_8);
        try (NarwhalProcess server = server()) {
            URI big = tus.create(server.uploads(), large.length, "big.bin");
            tus.patch(big, 0, large);
            URI little = tus.create(server.uploads(), small.length, "Grüße.txt");
            tus.patch(little, 0, small);

            eventually()
                    .until(() -> server.log().contains("verified=PART_MD5")
                            && server.log().contains("verified=FULL_OBJECT_MD5"));

            assertThat(keys()).containsExactlyInAnyOrder(key(big, "big.bin"), key(little, "Grüße.txt"));
            assertThat(container()
                            .getBlobClient(key(big, "big.bin"))
                            .downloadContent()
                            .toBytes())
                    .isEqualTo(large);
            eventually().until(() -> !Files.exists(staged(server, big)));
            assertThat(get(big)).isEqualTo(large);
            assertThat(get(little)).isEqualTo(small);
            assertThat(server.log()).doesNotContain("WARN", "ERROR", "AccountKey");
        }
    }

    private static Path staged(NarwhalProcess server, URI upload) {
        String id = upload.getPath().substring(upload.getPath().lastIndexOf('/') + 1);
        return server.dataDir().resolve("staging/" + id.substring(0, 2) + "/" + id);
    }

    @Test
    void killedWhileSending_goesOnAfterTheRestart() throws Exception {
        byte[] content = random(100 * MIB);
        try (NarwhalProcess server = server("--narwhal.delivery.parts-in-flight=1")) {
            URI upload = tus.create(server.uploads(), content.length, "large.bin");
            tus.patch(upload, 0, content);
            eventually().until(() -> blocks(key(upload, "large.bin")) >= 2);
            server.kill();
            server.restart();

            eventually().until(() -> server.log().contains("delivery.delivered"));

            assertThat(container()
                            .getBlobClient(key(upload, "large.bin"))
                            .downloadContent()
                            .toBytes())
                    .isEqualTo(content);
            assertThat(keys()).hasSize(1);
        }
    }

    /** Waiting or committed: the delivery may be faster than the look. */
    private int blocks(String key) {
        try {
            var list = container().getBlobClient(key).getBlockBlobClient().listBlocks(BlockListType.ALL);
            return list.getUncommittedBlocks().size()
                    + list.getCommittedBlocks().size();
        } catch (BlobStorageException e) {
            return 0;
        }
    }

    @Test
    void containerAwayForAWhile_isDeliveredWhenItIsBack() throws Exception {
        byte[] content = random(1000);
        try (NarwhalProcess server = server()) {
            container().delete();
            URI upload = tus.create(server.uploads(), content.length, "file.bin");
            tus.patch(upload, 0, content);
            eventually().until(() -> server.log().contains("destination.paused destination=default"));
            assertThat(server.log()).contains("404 ContainerNotFound");

            container().create();

            eventually().until(() -> keys().equals(List.of(key(upload, "file.bin"))));
        }
    }

    @Test
    void noContainer_stopsTheStartWithASentence() throws Exception {
        try (NarwhalProcess server = NarwhalProcess.launch(
                dir.resolve("data"),
                "--narwhal.destination.type=azure",
                "--narwhal.destination.azure.container=not-there",
                "--narwhal.destination.azure.connection-string=" + azurite.connectionString())) {
            assertThat(server.awaitExit()).isEqualTo(1);

            assertThat(server.log())
                    .contains("There is no container 'not-there'")
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void wrongKey_stopsNothingAndShowsNothing() throws Exception {
        byte[] content = random(1000);
        String wrong = azurite.connectionString("d3JvbmcgYXMgaXQgY2FuIGJl");
        try (NarwhalProcess server = NarwhalProcess.start(
                dir.resolve("data"),
                "--narwhal.destination.type=azure",
                "--narwhal.destination.azure.container=" + CONTAINER,
                "--narwhal.destination.azure.connection-string=" + wrong)) {
            URI upload = tus.create(server.uploads(), content.length, "file.bin");
            tus.patch(upload, 0, content);

            eventually().until(() -> server.log().contains("destination.paused destination=default"));

            assertThat(server.log())
                    .contains("destination.unchecked", "403 AuthorizationFailure")
                    .doesNotContain("d3JvbmcgYXMgaXQgY2FuIGJl", "\tat ");
        }
    }
}
