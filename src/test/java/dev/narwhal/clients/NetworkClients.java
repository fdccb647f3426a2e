package dev.narwhal.clients;

import io.tus.java.client.ProtocolException;
import io.tus.java.client.TusClient;
import io.tus.java.client.TusExecutor;
import io.tus.java.client.TusURLMemoryStore;
import io.tus.java.client.TusUpload;
import io.tus.java.client.TusUploader;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/** Sixteen stock clients as their users write them, in small requests and in one large one a file. */
final class NetworkClients {

    private static final int CHUNK = 512 << 10;
    private static final int WHOLE = 1 << 30;

    private NetworkClients() {}

    /** Uploads a file, with the client's own means against failures. */
    interface Action {
        URI upload(Path file, URI creationUrl) throws Exception;
    }

    record Uploader(String name, Action action) {

        URI upload(Path file, URI creationUrl) throws Exception {
            return action.upload(file, creationUrl);
        }
    }

    static List<Uploader> sixteen() {
        List<Uploader> clients = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            clients.add(tusJava(CHUNK));
            clients.add(tusJava(WHOLE));
            clients.add(driver("tus-js-client 4.3.1", "--chunk-size", String.valueOf(CHUNK)));
            clients.add(driver("tus-js-client 4.3.1"));
            clients.add(driver("tus-js-client 3.1.3"));
            clients.add(driver("curl"));
            clients.add(driver("curl", "--override"));
            clients.add(tusJava(CHUNK));
        }
        return clients;
    }

    /** What {@code .ci/clients} installs: a must where everything is built. */
    static void assumeInstalled() throws IOException {
        Path needed = client("tus-js-client 4.3.1").installed();
        if (!"true".equals(System.getenv("CI"))) {
            Assumptions.assumeTrue(Files.exists(needed), needed + " is missing: run .ci/clients first");
        }
    }

    private static Client client(String name) {
        return Clients.all().stream()
                .filter(client -> client.name().equals(name))
                .findAny()
                .orElseThrow();
    }

    private static Uploader driver(String name, String... options) {
        Client client = client(name);
        return new Uploader(name + " " + String.join(" ", options), (file, creationUrl) -> {
            try (ClientProcess process = client.upload(file, creationUrl, options)) {
                return process.awaitDone();
            }
        });
    }

    private static Uploader tusJava(int request) {
        return new Uploader("tus-java-client, " + request + " bytes a request", (file, creationUrl) -> {
            JavaUpload upload = new JavaUpload(file.toFile(), creationUrl, request);
            if (!upload.makeAttempts()) {
                throw new IOException("It was interrupted");
            }
            return upload.url();
        });
    }

    /** As its documentation has it: an executor, and the URL in the client's own store. */
    private static final class JavaUpload extends TusExecutor {

        private static final int ATTEMPTS = 120;
        private static final int DELAY_MILLIS = 300;

        private final TusClient client = new TusClient();
        private final File file;
        private final int request;
        private String url = "";

        JavaUpload(File file, URI creationUrl, int request) throws IOException {
            this.file = file;
            this.request = request;
            client.setUploadCreationURL(creationUrl.toURL());
            client.enableResuming(new TusURLMemoryStore());
            int[] delays = new int[ATTEMPTS];
            Arrays.fill(delays, DELAY_MILLIS);
            setDelays(delays);
        }

        URI url() {
            return URI.create(url);
        }

        @Override
        protected void makeAttempt() throws ProtocolException, IOException {
            TusUpload upload = new TusUpload(file);
            upload.setMetadata(Map.of("filename", file.getName()));
            TusUploader uploader = client.resumeOrCreateUpload(upload);
            url = uploader.getUploadURL().toString();
            uploader.setChunkSize(64 << 10);
            uploader.setRequestPayloadSize(request);
            while (uploader.uploadChunk() > -1) {
                // On to the next chunk.
            }
            uploader.finish();
        }
    }
}
