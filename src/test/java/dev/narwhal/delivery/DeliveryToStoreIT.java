package dev.narwhal.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.NarwhalProcess;
import dev.narwhal.testkit.PlainTus;
import dev.narwhal.testkit.S3FaultProxy;
import dev.narwhal.testkit.S3Store;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** The built server delivers to a store over HTTP: what concerns one upload concerns no other, and what is known of a file is told. */
@Tag("process")
@TestInstance(Lifecycle.PER_CLASS)
class DeliveryToStoreIT {

    private final PlainTus tus = new PlainTus();
    private final HttpClient http = HttpClient.newHttpClient();
    private S3Store store;
    private S3FaultProxy network;
    private NarwhalProcess server;

    @BeforeAll
    void start(@TempDir Path dir) throws Exception {
        store = S3Store.start(dir.resolve("store"));
        network = S3FaultProxy.to(store.endpoint());
        network.refuse(target -> target.contains("%2B"));
        List<String> settings = new ArrayList<>(store.settings());
        settings.removeIf(setting -> setting.startsWith("--narwhal.destination.s3.endpoint"));
        settings.add("--narwhal.destination.s3.endpoint=" + network.endpoint());
        settings.add("--narwhal.destination.key-template={meta.project}/{filename}");
        settings.add("--narwhal.delivery.digest=sha-256");
        server = NarwhalProcess.start(dir.resolve("data"), settings.toArray(String[]::new));
    }

    @AfterAll
    void stop() throws Exception {
        server.close();
        network.close();
        store.close();
        tus.close();
        http.close();
    }

    private static ConditionFactory eventually() {
        return Awaitility.await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(20));
    }

    private URI upload(String filename, byte[] content, String... more) throws Exception {
        StringBuilder metadata = new StringBuilder("filename " + base64(filename));
        for (int i = 0; i < more.length; i += 2) {
            metadata.append(",").append(more[i]).append(" ").append(base64(more[i + 1]));
        }
        return tus.create(server.uploads(), content.length, metadata.toString(), content);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }

    private static String id(URI upload) {
        String path = upload.getPath();
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private void awaitDelivered(URI upload) {
        eventually().until(() -> server.log().contains("delivery.delivered upload=" + id(upload)));
    }

    private void awaitFailed(URI upload) {
        eventually().until(() -> server.log().contains("delivery.failed upload=" + id(upload)));
    }

    private HttpResponse<byte[]> get(URI upload) throws Exception {
        return http.send(HttpRequest.newBuilder(upload).build(), BodyHandlers.ofByteArray());
    }

    private String health() throws Exception {
        return http.send(
                        HttpRequest.newBuilder(server.root().resolve("/actuator/health"))
                                .build(),
                        BodyHandlers.ofString())
                .body();
    }

    private static String reprDigest(byte[] content) throws Exception {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
        return "sha-256=:" + Base64.getEncoder().encodeToString(digest) + ":";
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    @Test
    void oneKeyIsRefused_theOthersAreDelivered_thenAndLater() throws Exception {
        awaitDelivered(upload("plain.txt", bytes(5)));
        URI refused = upload("c++ notes.txt", bytes(5));
        eventually().until(() -> server.log().contains("403 SignatureDoesNotMatch"));

        for (int i = 0; i < 3; i++) {
            awaitDelivered(upload("after" + i + ".txt", bytes(5)));
        }
        eventually().until(() -> server.log().contains("delivery.retried upload=" + id(refused)));
        for (int i = 3; i < 6; i++) {
            awaitDelivered(upload("after" + i + ".txt", bytes(5)));
        }

        assertThat(server.log())
                .doesNotContain("destination.still-paused")
                .doesNotContain("delivery.delivered upload=" + id(refused));
        assertThat(store.keys()).contains("plain.txt", "after0.txt", "after5.txt");
        assertThat(tus.delete(refused).statusCode()).isEqualTo(204);
        eventually()
                .until(() -> server.log().contains("delivery.stopped upload=" + id(refused))
                        || server.log().contains("delivery.abandoned upload=" + id(refused))
                        || server.log().contains("delivery.leftovers upload=" + id(refused)));
    }

    @Test
    void digest_isToldOnGetAndHead() throws Exception {
        byte[] content = bytes(3_000_000);
        URI upload = upload("digested.bin", content);
        awaitDelivered(upload);
        eventually()
                .until(() -> tus.head(upload)
                        .headers()
                        .firstValue("Repr-Digest")
                        .equals(java.util.Optional.of(reprDigest(content))));

        HttpResponse<byte[]> whole = get(upload);
        HttpResponse<byte[]> part = http.send(
                HttpRequest.newBuilder(upload).header("Range", "bytes=1-2").build(), BodyHandlers.ofByteArray());

        assertThat(whole.body()).isEqualTo(content);
        assertThat(whole.headers().firstValue("Repr-Digest")).contains(reprDigest(content));
        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.headers().firstValue("Repr-Digest")).contains(reprDigest(content));
        assertThat(part.headers().firstValue("Access-Control-Expose-Headers"))
                .hasValueSatisfying(exposed -> assertThat(exposed).contains("Repr-Digest"));
        URI unfinished = tus.create(server.uploads(), 5, "unfinished.bin");
        assertThat(tus.head(unfinished).headers().firstValue("Repr-Digest")).isEmpty();
    }

    @Test
    void clientsSha256_isComparedAndGoesWithTheObject() throws Exception {
        byte[] content = bytes(2_000_000);
        URI right = upload("right.bin", content, "sha256", DeliveryTaskContract.sha256(content));
        URI wrong = upload("wrong.bin", content, "sha256", "0".repeat(64));

        awaitDelivered(right);
        awaitFailed(wrong);

        assertThat(store.client()
                        .headObject(r -> r.bucket(S3Store.BUCKET).key("right.bin"))
                        .metadata())
                .containsEntry("sha256", DeliveryTaskContract.sha256(content));
        assertThat(store.keys()).doesNotContain("wrong.bin");
        assertThat(server.log()).contains("its client said " + "0".repeat(64));
        assertThat(get(wrong).body()).isEqualTo(content);
    }

    @Test
    void keyIsTaken_fails_andHealthSaysThatAPersonShouldLook() throws Exception {
        assertThat(server.log()).contains("delivery.keys-may-collide destination=default");
        awaitDelivered(upload("same.txt", bytes(5), "project", "a"));
        URI second = upload("same.txt", bytes(6), "project", "a");

        awaitFailed(second);

        eventually().untilAsserted(() -> assertThat(health()).contains("DEGRADED"));
    }

    /** A DELETE takes the staged bytes from under the delivery: that is no damage, and no failure. */
    @Test
    void deletedDuringItsDelivery_raisesNoAlarm() throws Exception {
        List<URI> uploads = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            URI upload = upload("short-lived" + i + ".bin", bytes(300_000));
            uploads.add(upload);
            assertThat(tus.delete(upload).statusCode()).isIn(204, 423);
        }
        URI last = upload("long-lived.bin", bytes(10));
        awaitDelivered(last);

        assertThat(server.log()).doesNotContain("staging.damaged");
        for (URI upload : uploads) {
            assertThat(server.log()).doesNotContain("delivery.retried upload=" + id(upload));
        }
    }
}
