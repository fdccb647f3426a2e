package dev.narwhal.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.DeliveredFiles;
import dev.narwhal.testkit.HandFedPatch;
import dev.narwhal.testkit.PlainTus;
import io.tus.java.client.ProtocolException;
import io.tus.java.client.TusClient;
import io.tus.java.client.TusExecutor;
import io.tus.java.client.TusURLMemoryStore;
import io.tus.java.client.TusUpload;
import io.tus.java.client.TusUploader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * tus-java-client as it is: POST with X-HTTP-Method-Override, chunked bodies, Expect: 100-continue, 10 MiB a request, and
 * an empty PATCH at the end where the size is a multiple of that.
 */
@Tag("process")
class TusJavaClientIT extends OneServer {

    private static final int MIB = 1 << 20;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 10 * MIB - 1, 10 * MIB, 10 * MIB + 1, 25_000_000})
    void upload_anySize_isDelivered(int size) throws Exception {
        Path file = randomFile(size);
        TusUploader uploader = client().createUpload(new TusUpload(file.toFile()));
        sendAll(uploader);
        assertDelivered(uploader, file);
    }

    @Test
    void upload_cutInTheMiddle_resumes() throws Exception {
        Path file = randomFile(25_000_000);
        TusClient client = client();
        TusUpload upload = new TusUpload(file.toFile());
        TusUploader first = client.createUpload(upload);
        first.setRequestPayloadSize(25_000_000);
        sendSome(first, 7_000_000);
        URI url = URI.create(first.getUploadURL().toString());
        try (PlainTus observer = new PlainTus()) {
            Awaitility.await().until(() -> observer.offset(url) > 5_000_000L);
        }
        // The connection is dropped without the end of its chunked body.
        abort(first);

        TusUploader second = client.resumeUpload(new TusUpload(file.toFile()));
        assertThat(second.getOffset()).isBetween(5_000_000L, 8_000_000L);
        sendAll(second);
        assertDelivered(second, file);
    }

    @Test
    void upload_serverKilledInTheMiddle_resumesAfterItsRestart() throws Exception {
        Path file = randomFile(25_000_000);
        TusClient client = client();
        TusUploader first = client.createUpload(new TusUpload(file.toFile()));
        first.setRequestPayloadSize(5_000_000);
        sendSome(first, 10_000_000);
        server.kill();
        server.restart();

        TusUploader second = client.resumeUpload(new TusUpload(file.toFile()));
        assertThat(second.getOffset()).isGreaterThanOrEqualTo(5_000_000L);
        sendAll(second);
        assertDelivered(second, file);
    }

    /** Its own dead connection brings more after it has asked how far that came: 423 then, and it asks again. */
    @Test
    void upload_overtakenByItsDeadConnection_goesOnByItself() throws Exception {
        Path file = randomFile(3 * MIB);
        byte[] content = Files.readAllBytes(file);
        TusClient client = client();
        AtomicInteger attempts = new AtomicInteger();
        try (PlainTus tus = new PlainTus()) {
            URI url = tus.create(server.uploads(), content.length, "overtaken.bin");
            try (HandFedPatch dead = HandFedPatch.begin(url, 0, content.length)) {
                dead.send(content, 0, MIB);
                Awaitility.await().until(() -> tus.offset(url) == MIB);
                TusExecutor executor = new TusExecutor() {
                    @Override
                    protected void makeAttempt() throws ProtocolException, IOException {
                        TusUploader uploader =
                                client.beginOrResumeUploadFromURL(new TusUpload(file.toFile()), url.toURL());
                        if (attempts.getAndIncrement() == 0) {
                            sendMore(dead, content);
                        }
                        sendAll(uploader);
                    }
                };
                executor.setDelays(new int[] {10, 10, 10});
                assertThat(executor.makeAttempts()).isTrue();
                assertThat(attempts).hasValue(2);
            }
            DeliveredFiles.in(server.delivered()).assertHolds(url, file);
        }
    }

    /** Returns when the server has them: by its own count, for HEAD would record them. */
    private static void sendMore(HandFedPatch dead, byte[] content) throws IOException {
        String counter = "narwhal_bodies_received_bytes_total";
        try {
            double before = server.metric(counter);
            dead.send(content, MIB, 2 * MIB);
            Awaitility.await().until(() -> server.metric(counter) >= before + MIB);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private static void sendAll(TusUploader uploader) throws ProtocolException, IOException {
        while (uploader.uploadChunk() > -1) {
            // Until there is no more.
        }
        uploader.finish();
    }

    private static TusClient client() throws IOException {
        TusClient client = new TusClient();
        client.setUploadCreationURL(server.uploads().toURL());
        client.enableResuming(new TusURLMemoryStore());
        return client;
    }

    private static void sendSome(TusUploader uploader, long bytes) throws Exception {
        uploader.setChunkSize(1_000_000);
        while (uploader.getOffset() < bytes) {
            uploader.uploadChunk();
        }
    }

    /** The client offers no way to drop its connection; what it does on a network failure is to let go of it. */
    private static void abort(TusUploader uploader) throws Exception {
        var field = TusUploader.class.getDeclaredField("connection");
        field.setAccessible(true);
        ((java.net.HttpURLConnection) field.get(uploader)).disconnect();
    }

    private static Path randomFile(int size) throws IOException {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        Path file = Files.createTempFile(dir, "file-", ".bin");
        return Files.write(file, bytes);
    }

    private static void assertDelivered(TusUploader uploader, Path file) {
        URI url = URI.create(uploader.getUploadURL().toString());
        DeliveredFiles.in(server.delivered()).assertHolds(url, file);
    }
}
