package dev.narwhal.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.NarwhalProcess;
import dev.narwhal.testkit.PlainTus;
import dev.narwhal.testkit.S3Store;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.exception.SdkException;

/** The built server sends parts of an upload that its client is still sending. */
@Tag("process")
class SendAheadIT {

    private static final int MIB = 1 << 20;
    private static final String NAME = "large.bin";

    @TempDir
    Path dir;

    private final PlainTus tus = new PlainTus();
    private final byte[] content = random(32 * MIB + 7);
    private S3Store store;

    @BeforeEach
    void startStore() throws Exception {
        store = S3Store.start(dir.resolve("store"));
    }

    @AfterEach
    void stopStore() throws Exception {
        tus.close();
        store.close();
    }

    private NarwhalProcess server(String... more) throws Exception {
        List<String> settings = new ArrayList<>(store.settings());
        settings.add("--narwhal.destination.s3.part-size=5MB");
        settings.add("--narwhal.delivery.send-ahead-from=10MB");
        settings.addAll(List.of(more));
        return NarwhalProcess.start(dir.resolve("data"), settings.toArray(String[]::new));
    }

    private URI begin(NarwhalProcess server, int bytes) throws Exception {
        URI upload = tus.create(server.uploads(), content.length, NAME);
        append(upload, 0, bytes);
        return upload;
    }

    private void append(URI upload, int from, int to) throws Exception {
        assertThat(tus.patch(upload, from, Arrays.copyOfRange(content, from, to))
                        .statusCode())
                .isEqualTo(204);
    }

    private void awaitParts(int parts) {
        eventually()
                .ignoreExceptionsInstanceOf(SdkException.class)
                .until(() -> store.multiparts().size() == 1
                        && store.partsOf(store.multiparts().getFirst()) == parts);
    }

    private void awaitDelivered(NarwhalProcess server, URI upload) {
        eventually().until(() -> server.log().contains("delivery.delivered upload=" + id(upload)));
        assertThat(store.bytes("uploads/" + id(upload) + "/" + NAME)).isEqualTo(content);
        eventually().until(() -> store.multiparts().isEmpty());
        assertThat(store.keys()).containsExactly("uploads/" + id(upload) + "/" + NAME);
    }

    private static String id(URI upload) {
        String path = upload.getPath();
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private static ConditionFactory eventually() {
        return Awaitility.await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(20));
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    @Test
    void parts_areThereBeforeTheLastByte_andNotSentAgain() throws Exception {
        try (NarwhalProcess server = server()) {
            URI upload = begin(server, 12 * MIB);
            awaitParts(2);
            String multipart = store.multiparts().getFirst().uploadId();

            append(upload, 12 * MIB, 26 * MIB);
            awaitParts(5);
            assertThat(store.multiparts().getFirst().uploadId()).isEqualTo(multipart);
            append(upload, 26 * MIB, content.length);

            awaitDelivered(server, upload);
            assertThat(server.log()).doesNotContain("begins-anew").contains("adopted=false");
        }
    }

    @Test
    void killedInBetween_goesOnWithTheSameParts() throws Exception {
        try (NarwhalProcess server = server()) {
            URI upload = begin(server, 16 * MIB);
            awaitParts(3);
            String multipart = store.multiparts().getFirst().uploadId();
            server.kill();
            server.restart();

            int offset = (int) tus.offset(upload);
            assertThat(offset).isEqualTo(16 * MIB);
            append(upload, offset, 21 * MIB);
            awaitParts(4);
            assertThat(store.multiparts().getFirst().uploadId()).isEqualTo(multipart);
            append(upload, 21 * MIB, content.length);

            awaitDelivered(server, upload);
        }
    }

    @Test
    void terminated_leavesNothingInTheStore() throws Exception {
        try (NarwhalProcess server = server()) {
            URI upload = begin(server, 26 * MIB);
            eventually().until(() -> !store.multiparts().isEmpty());

            assertThat(tus.delete(upload).statusCode()).isEqualTo(204);

            eventually().until(() -> server.log().contains("delivery.abandoned upload=" + id(upload)));
            assertThat(store.multiparts()).isEmpty();
            assertThat(store.keys()).isEmpty();
        }
    }

    @Test
    void expired_leavesNothingInTheStore() throws Exception {
        try (NarwhalProcess server = server("--narwhal.upload.expire-after=4s", "--narwhal.upload.sweep-interval=1s")) {
            URI upload = begin(server, 16 * MIB);
            eventually().until(() -> !store.multiparts().isEmpty());

            eventually().until(() -> server.log().contains("delivery.abandoned upload=" + id(upload)));
            assertThat(store.multiparts()).isEmpty();
            assertThat(store.keys()).isEmpty();
        }
    }

    @Test
    void finishedWhilePartsAreOnTheirWay_isDeliveredAtOnce() throws Exception {
        try (NarwhalProcess server = server("--narwhal.delivery.parts-in-flight=1")) {
            for (int round = 0; round < 5; round++) {
                URI upload = begin(server, 20 * MIB);
                append(upload, 20 * MIB, content.length);

                Awaitility.await()
                        .atMost(Duration.ofSeconds(20))
                        .until(() -> server.log().contains("delivery.delivered upload=" + id(upload)));
            }
        }
    }

    @Test
    void switchedOff_nothingIsSentAhead() throws Exception {
        try (NarwhalProcess server = server("--narwhal.delivery.send-ahead=false")) {
            URI upload = begin(server, 26 * MIB);
            URI small = tus.create(server.uploads(), 1, NAME);
            assertThat(tus.patch(small, 0, new byte[1]).statusCode()).isEqualTo(204);
            eventually().until(() -> server.log().contains("delivery.delivered upload=" + id(small)));

            assertThat(store.multiparts()).isEmpty();
            append(upload, 26 * MIB, content.length);
            eventually().until(() -> server.log().contains("delivery.delivered upload=" + id(upload)));
        }
    }
}
