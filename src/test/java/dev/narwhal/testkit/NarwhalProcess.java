package dev.narwhal.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * The built jar ({@code target/narwhal.jar}) as a process of its own, on loopback, on a port that stays the same over
 * restarts. What a test does to it is what happens to a server: {@link #kill()} is SIGKILL.
 *
 * <pre>{@code
 * try (NarwhalProcess server = NarwhalProcess.start(dir.resolve("data"), "--narwhal.upload.expire-after=1h")) {
 *     upload(server.uploads());
 *     server.kill();
 *     server.restart();
 * }
 * }</pre>
 *
 * <p>One thread uses it at a time.
 */
public final class NarwhalProcess implements AutoCloseable {

    /** For starts that are many and lives that are short: half of a start's processor time is the second compiler's. */
    public static final List<String> QUICK_START = List.of("-Xmx512m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    private static final Duration START_LIMIT = Duration.ofSeconds(90);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(60);

    private final Path dataDir;
    private final int port;
    private final List<String> command;
    private final Map<String, String> environment;
    private final Path log;
    private Process process;
    private long readyBefore;

    /** @param launch what stands between {@code java} and the settings */
    private NarwhalProcess(Path dataDir, List<String> launch, List<String> settings, Map<String, String> environment)
            throws IOException {
        this.environment = Map.copyOf(environment);
        this.dataDir = dataDir;
        this.port = freePort();
        this.command = command(launch, settings);
        this.log = Files.createTempFile("narwhal-", ".log");
        this.process = launchProcess();
    }

    /** Starts the jar on a free port and returns when it answers OPTIONS on its upload path. */
    public static NarwhalProcess start(Path dataDir, String... settings) throws IOException {
        return start(dataDir, QUICK_START, List.of(settings));
    }

    /**
     * @param jvmArguments such as {@code -Xmx256m}
     * @param settings such as {@code --narwhal.upload.max-size=1MB}; they win over the helper's own
     * @throws IllegalStateException with the end of the log when it ends or does not answer within 90 s
     */
    public static NarwhalProcess start(Path dataDir, List<String> jvmArguments, List<String> settings)
            throws IOException {
        return start(dataDir, jvmArguments, settings, Map.of());
    }

    /** @param environment what the process has in its environment beside what this one has */
    public static NarwhalProcess start(
            Path dataDir, List<String> jvmArguments, List<String> settings, Map<String, String> environment)
            throws IOException {
        return ready(new NarwhalProcess(dataDir, JarUnderTest.quick(jvmArguments), settings, environment));
    }

    /** The jar as it is shipped, and with the JVM's own defaults. */
    public static NarwhalProcess startShipped(Path dataDir) throws IOException {
        return start(dataDir, List.of("-jar", JarUnderTest.shipped().toString()));
    }

    /** @param launch what stands between {@code java} and the settings, the jar included */
    static NarwhalProcess start(Path dataDir, List<String> launch) throws IOException {
        return ready(new NarwhalProcess(dataDir, launch, List.of(), Map.of()));
    }

    private static NarwhalProcess ready(NarwhalProcess server) throws IOException {
        try {
            server.awaitReady();
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
        return server;
    }

    /** Starts the jar and does not wait: for starts that are meant to fail, see {@link #awaitExit()}. */
    public static NarwhalProcess launch(Path dataDir, String... settings) throws IOException {
        return new NarwhalProcess(dataDir, JarUnderTest.quick(QUICK_START), List.of(settings), Map.of());
    }

    /** The server's root, with a trailing slash. */
    public URI root() {
        return URI.create("http://127.0.0.1:" + port + "/");
    }

    /** The creation URL of the default {@code narwhal.tus.path}. */
    public URI uploads() {
        return root().resolve("files");
    }

    public int port() {
        return port;
    }

    public Path dataDir() {
        return dataDir;
    }

    /** Where the default destination puts finished files. */
    public Path delivered() {
        return dataDir.resolve("delivered");
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Everything printed so far, by all runs. */
    public String log() {
        try {
            return Files.readString(log, UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * One of its metrics at this moment.
     *
     * @param sample its name with its labels, as {@code /actuator/prometheus} has them
     */
    public double metric(String sample) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest scrape = HttpRequest.newBuilder(root().resolve("actuator/prometheus"))
                    .build();
            // Read to its end: the client waits at its close for an answer that nobody reads.
            return http.send(scrape, BodyHandlers.ofString())
                    .body()
                    .lines()
                    .filter(line -> line.startsWith(sample + " "))
                    .map(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("There is no " + sample));
        }
    }

    /** SIGKILL; returns when the process is gone. */
    public void kill() {
        process.destroyForcibly();
        awaitExit();
    }

    /** SIGSTOP: it keeps what it holds and does nothing, until {@link #resume()}. */
    public void pause() throws IOException {
        signal("STOP");
    }

    /** SIGCONT. */
    public void resume() throws IOException {
        signal("CONT");
    }

    private void signal(String name) throws IOException {
        Process kill = new ProcessBuilder("kill", "-" + name, String.valueOf(pid()))
                .inheritIO()
                .start();
        try {
            if (kill.waitFor() != 0) {
                throw new IOException("kill -" + name + " ended with " + kill.exitValue());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    /** SIGTERM; returns at once. */
    public void terminate() {
        process.destroy();
    }

    /** SIGTERM, as a service manager stops it; returns when the process is gone. */
    public void stop() {
        process.destroy();
        awaitExit();
    }

    /** Waits at most 60 s for the process to end by itself and returns its exit status. */
    public int awaitExit() {
        try {
            if (!process.waitFor(STOP_LIMIT.toSeconds(), SECONDS)) {
                throw new IllegalStateException("Still running after " + STOP_LIMIT + ":\n" + logTail());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for the server to end", e);
        }
        return process.exitValue();
    }

    /** Starts it again after {@link #kill()} or {@link #stop()}: same port, same data, same settings; waits as start. */
    public void restart() throws IOException {
        relaunch();
        awaitReady();
    }

    /** Starts it again and does not wait: for what happens to a server that is starting. */
    public void relaunch() throws IOException {
        if (process.isAlive()) {
            throw new IllegalStateException("The server is still running, pid " + pid());
        }
        process = launchProcess();
    }

    /** Kills what still runs and removes the log; the data stays. */
    @Override
    public void close() throws IOException {
        kill();
        Files.deleteIfExists(log);
    }

    private Process launchProcess() throws IOException {
        readyBefore = timesReady();
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        return builder.start();
    }

    private List<String> command(List<String> launch, List<String> settings) {
        List<String> words = new ArrayList<>();
        words.add(JarUnderTest.java());
        words.addAll(launch);
        Stream.of("--server.address=127.0.0.1", "--server.port=" + port, "--narwhal.data-dir=" + dataDir)
                .filter(own ->
                        settings.stream().noneMatch(setting -> name(setting).equals(name(own))))
                .forEach(words::add);
        words.addAll(settings);
        return List.copyOf(words);
    }

    /** Of two arguments of one name neither would win: Spring Boot joins their values. */
    private static String name(String argument) {
        return argument.split("=", 2)[0];
    }

    private void awaitReady() {
        try (HttpClient http = HttpClient.newHttpClient()) {
            Awaitility.await("the server answers")
                    .atMost(START_LIMIT)
                    .pollInterval(Duration.ofMillis(100))
                    .until(() -> !process.isAlive() || answers(http) && timesReady() > readyBefore);
        } catch (ConditionTimeoutException e) {
            throw new IllegalStateException("No answer after " + START_LIMIT + ":\n" + logTail(), e);
        }
        if (!process.isAlive()) {
            throw new IllegalStateException("The server ended with " + process.exitValue() + ":\n" + logTail());
        }
    }

    /** It answers a moment before it says that it is ready; whoever looks into the log wants both. */
    private long timesReady() {
        return log().lines().filter(line -> line.contains(" is ready: ")).count();
    }

    private boolean answers(HttpClient http) throws InterruptedException {
        HttpRequest options = HttpRequest.newBuilder(uploads())
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                .timeout(Duration.ofSeconds(5))
                .build();
        try {
            int status = http.send(options, BodyHandlers.discarding()).statusCode();
            // A server on another narwhal.tus.path answers 404 here: it is up as well.
            return status < 500;
        } catch (IOException e) {
            return false;
        }
    }

    private String logTail() {
        String all = log();
        return all.substring(Math.max(0, all.length() - 4000));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
