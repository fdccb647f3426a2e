package dev.narwhal.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.DeliveredFiles;
import dev.narwhal.testkit.NarwhalProcess;
import dev.narwhal.testkit.PlainTus;
import dev.narwhal.testkit.S3Store;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/** The built server from its front door to its destination. */
@Tag("process")
class DeliveryProcessIT {

    private static final String BUCKET = S3Store.BUCKET;
    private static final int MIB = 1 << 20;

    @TempDir
    Path dir;

    private S3Store store;
    private S3Client s3;
    private final PlainTus tus = new PlainTus();

    @BeforeEach
    void startStore() throws Exception {
        store = S3Store.start(dir.resolve("store"));
        s3 = store.client();
    }

    @AfterEach
    void stopStore() throws Exception {
        tus.close();
        store.close();
    }

    private NarwhalProcess server(String... more) throws Exception {
        List<String> settings = new ArrayList<>(store.settings());
        settings.addAll(List.of(more));
        return NarwhalProcess.start(dir.resolve("data"), settings.toArray(String[]::new));
    }

    private URI upload(NarwhalProcess server, String name, byte[] content) throws Exception {
        URI upload = tus.create(server.uploads(), content.length, name);
        if (content.length > 0) {
            assertThat(tus.patch(upload, 0, content).statusCode()).isEqualTo(204);
        }
        return upload;
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
        return Awaitility.await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(10));
    }

    @Test
    void s3_uploads_areThereWithBytesAndName() throws Exception {
        byte[] large = random(20 * MIB + 1);
        try (NarwhalProcess server = server()) {
            URI empty = upload(server, "empty.txt", new byte[0]);
            URI small = upload(server, "Grüße.txt", "hello".getBytes(UTF_8));
            URI big = upload(server, "big.bin", large);

            eventually()
                    .until(() -> Set.copyOf(store.keys())
                            .equals(Set.of(key(empty, "empty.txt"), key(small, "Grüße.txt"), key(big, "big.bin"))));

            assertThat(s3.headObject(r -> r.bucket(BUCKET).key(key(empty, "empty.txt")))
                            .contentLength())
                    .isZero();
            HeadObjectResponse head = s3.headObject(r -> r.bucket(BUCKET).key(key(small, "Grüße.txt")));
            assertThat(head.contentDisposition()).contains("filename*=UTF-8''Gr%C3%BC%C3%9Fe.txt");
            assertThat(s3.getObjectAsBytes(r -> r.bucket(BUCKET).key(key(big, "big.bin")))
                            .asByteArray())
                    .isEqualTo(large);
        }
    }

    @Test
    void s3_killedWhileSending_goesOnAfterTheRestart() throws Exception {
        byte[] content = random(100 * MIB);
        try (NarwhalProcess server = server("--narwhal.delivery.parts-in-flight=1")) {
            URI upload = upload(server, "large.bin", content);
            eventually()
                    .ignoreExceptionsInstanceOf(SdkException.class)
                    .until(() -> !store.keys().isEmpty()
                            || store.multiparts().stream().anyMatch(multipart -> store.partsOf(multipart) >= 2));
            server.kill();
            server.restart();

            eventually().until(() -> store.keys().equals(List.of(key(upload, "large.bin"))));

            assertThat(s3.getObjectAsBytes(r -> r.bucket(BUCKET).key(key(upload, "large.bin")))
                            .asByteArray())
                    .isEqualTo(content);
            eventually().until(() -> store.multiparts().isEmpty());
            eventually().until(() -> server.log().contains("delivery.delivered"));
        }
    }

    /** A part takes as long as it takes: the stop does not wait for it. */
    @Test
    void s3_terminatedWhileSending_stopsSoon_andGoesOnAfterTheRestart() throws Exception {
        byte[] content = random(100 * MIB);
        try (NarwhalProcess server = server("--narwhal.delivery.parts-in-flight=1")) {
            URI upload = upload(server, "large.bin", content);
            eventually()
                    .ignoreExceptionsInstanceOf(SdkException.class)
                    .until(() -> !store.keys().isEmpty()
                            || store.multiparts().stream().anyMatch(multipart -> store.partsOf(multipart) >= 1));
            server.terminate();
            Awaitility.await("the process ends by itself")
                    .atMost(Duration.ofSeconds(6))
                    .until(() -> !server.isAlive());
            server.restart();

            eventually().until(() -> store.keys().equals(List.of(key(upload, "large.bin"))));

            assertThat(s3.getObjectAsBytes(r -> r.bucket(BUCKET).key(key(upload, "large.bin")))
                            .asByteArray())
                    .isEqualTo(content);
            eventually().until(() -> store.multiparts().isEmpty());
            eventually().until(() -> server.log().contains("delivery.delivered"));
            assertThat(server.log()).doesNotContain("server.stop-cut-short", "delivery.retried");
        }
    }

    @Test
    void s3_finalKilledWhileSending_goesOnAfterTheRestart() throws Exception {
        byte[] content = random(100 * MIB + 7);
        int[] borders = {0, 1, 3 * MIB, 3 * MIB, 40 * MIB + 1, 100 * MIB, content.length};
        try (NarwhalProcess server = server("--narwhal.delivery.parts-in-flight=1")) {
            List<URI> partials = new ArrayList<>();
            for (int i = 1; i < borders.length; i++) {
                partials.add(tus.partial(server.uploads(), Arrays.copyOfRange(content, borders[i - 1], borders[i])));
            }
            URI whole = tus.concatenate(server.uploads(), "whole.bin", partials);
            eventually()
                    .ignoreExceptionsInstanceOf(SdkException.class)
                    .until(() -> !store.keys().isEmpty()
                            || store.multiparts().stream().anyMatch(multipart -> store.partsOf(multipart) >= 2));
            server.kill();
            server.restart();

            eventually().until(() -> store.keys().equals(List.of(key(whole, "whole.bin"))));

            assertThat(s3.getObjectAsBytes(r -> r.bucket(BUCKET).key(key(whole, "whole.bin")))
                            .asByteArray())
                    .isEqualTo(content);
            eventually().until(() -> store.multiparts().isEmpty());
            eventually().until(() -> server.log().contains("delivery.delivered"));
            assertThat(tus.offset(whole)).isEqualTo(content.length);
            assertThat(store.keys()).as("partials are not delivered").hasSize(1);
        }
    }

    @Test
    void directory_finalsKilledAfterTheirAnswer_areDelivered() throws Exception {
        try (NarwhalProcess server = NarwhalProcess.start(dir.resolve("data"))) {
            for (int round = 0; round < 3; round++) {
                byte[] first = random(5 * MIB + round);
                byte[] second = random(MIB);
                URI head = tus.partial(server.uploads(), first);
                URI tail = tus.partial(server.uploads(), second);
                URI whole = tus.concatenate(server.uploads(), "whole.bin", List.of(head, tail, head));
                server.kill();
                server.restart();

                assertThat(tus.offset(whole)).isEqualTo(2L * first.length + second.length);
                ByteArrayOutputStream expected = new ByteArrayOutputStream();
                expected.write(first);
                expected.write(second);
                expected.write(first);
                assertThat(DeliveredFiles.in(server.delivered()).await(whole)).hasBinaryContent(expected.toByteArray());
            }
        }
    }

    @Test
    void s3_storeAwayForAWhile_isDeliveredWhenItIsBack() throws Exception {
        byte[] content = random(1000);
        try (NarwhalProcess server = server()) {
            s3.deleteBucket(r -> r.bucket(BUCKET));
            URI upload = upload(server, "file.bin", content);
            eventually().until(() -> server.log().contains("destination.paused destination=default"));

            s3.createBucket(r -> r.bucket(BUCKET));

            eventually().until(() -> store.keys().equals(List.of(key(upload, "file.bin"))));
        }
    }

    @Test
    void s3_noBucket_stopsTheStartWithASentence() throws Exception {
        try (NarwhalProcess server = NarwhalProcess.launch(
                dir.resolve("data"),
                "--narwhal.destination.type=s3",
                "--narwhal.destination.s3.bucket=not-there",
                "--narwhal.destination.s3.endpoint=" + store.endpoint(),
                "--narwhal.destination.s3.path-style=true",
                "--narwhal.destination.s3.access-key=access",
                "--narwhal.destination.s3.secret-key=secret")) {
            assertThat(server.awaitExit()).isEqualTo(1);

            assertThat(server.log()).contains("There is no bucket 'not-there'").doesNotContain("\tat ");
        }
    }

    @Test
    void directory_thousandSmallFiles_arriveOnceEach() throws Exception {
        int count = 1000;
        try (NarwhalProcess server = NarwhalProcess.start(dir.resolve("data"))) {
            List<URI> uploads = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                uploads.add(upload(server, "file-" + i + ".txt", random(i)));
            }

            eventually().until(() -> server.log().split("delivery.delivered", -1).length == count + 1);
            for (int i = 0; i < count; i++) {
                String name = "file-" + i + ".txt";
                assertThat(server.delivered().resolve(key(uploads.get(i), name)))
                        .hasBinaryContent(random(i));
            }
            try (Stream<Path> files = Files.walk(server.delivered())) {
                assertThat(files.filter(Files::isRegularFile).filter(file -> !file.endsWith(".narwhal-destination")))
                        .hasSize(count);
            }
        }
    }
}
