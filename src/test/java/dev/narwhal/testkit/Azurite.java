package dev.narwhal.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/**
 * Azure's own emulator of Blob Storage, on a free port, as a process of Node. It must have been installed:
 * {@code npm ci --prefix src/test/azurite}.
 */
public final class Azurite implements AutoCloseable {

    /** The account that every Azurite has, with its published key. */
    public static final String ACCOUNT = "devstoreaccount1";

    private static final String KEY =
            "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
    private static final Path PROGRAM = Path.of("src/test/azurite/node_modules/azurite/dist/src/blob/main.js");
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Pattern LISTENS = Pattern.compile("successfully listens on (https?://\\S+)");

    private final Process process;
    private final Path log;
    private final String url;

    private Azurite(Process process, Path log) {
        this.process = process;
        this.log = log;
        // The one that started it may be killed; a server that outlives it would stay for ever.
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        this.url = awaitUrl();
    }

    /**
     * Returns when it listens.
     *
     * @param directory an existing one, for what it stores
     * @param options more of its own, such as {@code --oauth}
     */
    public static Azurite start(Path directory, String... options) throws IOException {
        if (!Files.exists(PROGRAM)) {
            throw new IllegalStateException("Azurite is not installed: npm ci --prefix src/test/azurite");
        }
        List<String> command = new ArrayList<>(List.of(
                "node",
                PROGRAM.toString(),
                "--blobHost=127.0.0.1",
                "--blobPort=0",
                "--location=" + directory,
                "--silent",
                "--disableTelemetry"));
        command.addAll(List.of(options));
        Path log = directory.resolve("azurite.log");
        return new Azurite(
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start(),
                log);
    }

    private String awaitUrl() {
        return Awaitility.await("Azurite listens")
                .atMost(START_LIMIT)
                .pollInterval(Duration.ofMillis(50))
                .failFast("Azurite has ended, see " + log, () -> !process.isAlive())
                .until(() -> LISTENS.matcher(log()), Matcher::find)
                .group(1);
    }

    private String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Of the account's blob service. */
    public String endpoint() {
        return url + "/" + ACCOUNT;
    }

    public String connectionString() {
        return connectionString(KEY);
    }

    /** @param key base64, right or not */
    public String connectionString(String key) {
        return "DefaultEndpointsProtocol=" + url.substring(0, url.indexOf(':')) + ";AccountName=" + ACCOUNT
                + ";AccountKey=" + key + ";BlobEndpoint=" + endpoint();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
