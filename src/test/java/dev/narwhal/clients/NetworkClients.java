package dev.narwhal.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.NetworkLuck.Cuts;
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
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/** Sixteen stock clients as their users write them, in small requests and in one large one a file. */
final class NetworkClients {

    private static final int CHUNK = 512 << 10;
    private static final int WHOLE = 1 << 30;
    private static final Path DEMO =
            Path.of("client-demo", "target", "narwhal-client.jar").toAbsolutePath();

    /** A program that is run again when it has given up goes on with what it remembers. */
    private static final int RUNS = 60;

    private NetworkClients() {}

    /** @param runs how often the client had to be run */
    record Uploaded(URI url, int runs) {}

    /** Uploads a file, with the client's own means against failures. */
    interface Action {
        Uploaded upload(Path file, URI creationUrl) throws Exception;
    }

    /** @param cuts where answers to it may be cut */
    record Uploader(String name, Cuts cuts, Action action) {

        Uploaded upload(Path file, URI creationUrl) throws Exception {
            return action.upload(file, creationUrl);
        }

        Uploader with(Cuts other) {
            return new Uploader(name, other, action);
        }
    }

    /** @param directory for what they remember */
    static List<Uploader> sixteen(Path directory) throws IOException {
        String chunk = String.valueOf(CHUNK);
        return List.of(
                tusJava(CHUNK),
                tusJava(WHOLE),
                tusJava(CHUNK),
                driver("tus-java-client 0.4.0").with(Cuts.NOT_IN_FIRST_LINES),
                clientDemo(directory),
                driver("tus-js-client 5.0.0-pre2"),
                driver("tus-js-client 4.3.1", "--chunk-size", chunk),
                driver("tus-js-client 4.3.1"),
                driver("tus-js-client 4.3.1", "--override"),
                driver("tus-js-client 3.1.3"),
                driver("tus-js-client 2.3.2", "--chunk-size", chunk),
                rerun("tuspy 1.1.0", directory).with(Cuts.NO_FIN_IN_FIRST_LINES),
                rerun("tuspy 0.2.5", directory).with(Cuts.NO_FIN_IN_FIRST_LINES),
                rustOrCurl(directory),
                driver("curl").with(Cuts.NO_FIN_IN_FIRST_LINES),
                driver("curl", "--override").with(Cuts.NO_FIN_IN_FIRST_LINES));
    }

    /** What {@code .ci/clients} installs: a must where everything is built. */
    static void assumeInstalled() throws IOException {
        for (Path needed : List.of(
                client("tus-js-client 4.3.1").installed(), client("tuspy 1.1.0").installed(), DEMO)) {
            if (!"true".equals(System.getenv("CI"))) {
                Assumptions.assumeTrue(Files.exists(needed), needed + " is missing: run .ci/clients first");
            }
        }
    }

    private static Client client(String name) {
        return Clients.all().stream()
                .filter(client -> client.name().equals(name))
                .findAny()
                .orElseThrow();
    }

    /** It goes on by itself. */
    private static Uploader driver(String name, String... options) {
        Client client = client(name);
        return new Uploader(name + " " + String.join(" ", options), Cuts.ANYWHERE, (file, creationUrl) -> {
            try (ClientProcess process = client.upload(file, creationUrl, options)) {
                return new Uploaded(process.awaitDone(), 1);
            }
        });
    }

    /** It ends when a creation or a HEAD fails, and is run again, with the URL that it has stored. */
    private static Uploader rerun(String name, Path directory) {
        Client client = client(name);
        return new Uploader(name, Cuts.ANYWHERE, (file, creationUrl) -> {
            Path store = Files.createTempDirectory(directory, "store-").resolve("urls.json");
            AssertionError last = new AssertionError();
            for (int run = 1; run <= RUNS; run++) {
                try (ClientProcess process = client.upload(file, creationUrl, "--store", store.toString())) {
                    return new Uploaded(process.awaitDone(), run);
                } catch (AssertionError e) {
                    last = e;
                }
            }
            throw last;
        });
    }

    private static Uploader rustOrCurl(Path directory) throws IOException {
        String rust = "tus_client 0.1.1 (Rust)";
        Uploader client = client(rust).skipped().isEmpty() ? rerun(rust, directory) : driver("curl");
        return client.with(Cuts.NO_FIN_IN_FIRST_LINES);
    }

    /** The command-line client of this project, as it is built. */
    private static Uploader clientDemo(Path directory) {
        return new Uploader("narwhal-client", Cuts.NOT_IN_FIRST_LINES, (file, creationUrl) -> {
            Path state = Files.createTempDirectory(directory, "state-");
            try (ClientProcess process = new ClientProcess(
                    directory,
                    Map.of(),
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:TieredStopAtLevel=1",
                    "-jar",
                    DEMO.toString(),
                    "upload",
                    file.toString(),
                    "--url",
                    creationUrl.toString(),
                    "--chunk-size",
                    "1M",
                    "--state-dir",
                    state.toString(),
                    "--progress",
                    "none")) {
                int status = process.awaitExit();
                assertThat(status).as(process.transcript()).isZero();
                return new Uploaded(
                        process.transcript()
                                .lines()
                                .map(String::strip)
                                .filter(line -> line.startsWith("http"))
                                .map(URI::create)
                                .findFirst()
                                .orElseThrow(),
                        1);
            }
        });
    }

    private static Uploader tusJava(int request) {
        String name = "tus-java-client 0.5.1, " + request + " bytes a request";
        return new Uploader(name, Cuts.NOT_IN_FIRST_LINES, (file, creationUrl) -> {
            JavaUpload upload = new JavaUpload(file.toFile(), creationUrl, request);
            if (!upload.makeAttempts()) {
                throw new IOException("It was interrupted");
            }
            return new Uploaded(upload.url(), 1);
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
