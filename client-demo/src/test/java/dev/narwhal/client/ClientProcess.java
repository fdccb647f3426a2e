package dev.narwhal.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.Reader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The client as its users start it: the built jar, with its output in files. */
final class ClientProcess implements AutoCloseable {

    private static final Duration RUN = Duration.ofMinutes(3);

    private final Process process;
    private final Path out;
    private final Path err;

    private ClientProcess(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    static ClientProcess start(Path directory, Object... arguments) throws IOException {
        List<String> command =
                new ArrayList<>(List.of(Jars.java(), "-jar", Jars.client().toString()));
        Stream.of(arguments).map(Object::toString).forEach(command::add);
        Path out = Files.createTempFile(directory, "client", ".out");
        Path err = Files.createTempFile(directory, "client", ".err");
        Process process = new ProcessBuilder(command)
                .redirectInput(ProcessBuilder.Redirect.from(
                        Files.createTempFile(directory, "client", ".in").toFile()))
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        return new ClientProcess(process, out, err);
    }

    int exitCode() throws InterruptedException {
        assertThat(process.waitFor(RUN.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    boolean isRunning() {
        return process.isAlive();
    }

    /** As kill -9 does. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** As a Ctrl-C or a plain kill does: the program may say something. */
    void stop() {
        process.destroy();
    }

    String out() throws IOException {
        return Files.readString(out);
    }

    String err() throws IOException {
        return Files.readString(err);
    }

    /** The URLs on the lines that end each upload. */
    List<URI> urls() throws IOException {
        return out().lines()
                .filter(line -> line.startsWith("  http"))
                .map(line -> URI.create(line.strip()))
                .toList();
    }

    /** Waits until the client has remembered the one upload that it works at, and gives its URL. */
    static URI rememberedUpload(Path stateDirectory) {
        return await().atMost(RUN).ignoreExceptions().until(() -> readUrl(stateDirectory), url -> url != null);
    }

    private static URI readUrl(Path stateDirectory) throws IOException {
        try (Stream<Path> entries = Files.list(stateDirectory)) {
            Path entry = entries.filter(file -> file.toString().endsWith(".upload"))
                    .findFirst()
                    .orElseThrow();
            Properties properties = new Properties();
            try (Reader reader = Files.newBufferedReader(entry)) {
                properties.load(reader);
            }
            return URI.create(properties.getProperty("url"));
        }
    }

    @Override
    public void close() {
        kill();
    }
}
