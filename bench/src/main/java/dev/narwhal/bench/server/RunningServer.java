package dev.narwhal.bench.server;

import dev.narwhal.bench.load.Target;
import dev.narwhal.bench.load.TusConnection;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/** A candidate as a process, with a directory of its own. */
public final class RunningServer implements AutoCloseable {

    private static final long START_LIMIT = TimeUnit.SECONDS.toNanos(120);
    private static final long REST_LIMIT = TimeUnit.SECONDS.toNanos(300);
    private static final long STOP_LIMIT_SECONDS = 60;
    private static final int SAMPLES = 10;
    private static final int SAMPLE_MILLIS = 100;
    /** Seconds of processor time in one second. */
    private static final double AT_REST = 0.03;

    private final Candidate candidate;
    private final Path directory;
    private final Path log;
    private final Target target;
    private Process process;
    private ProcessFigures figures;

    private RunningServer(Candidate candidate, Path directory, int port) {
        this.candidate = candidate;
        this.directory = directory;
        this.log = directory.resolveSibling(directory.getFileName() + ".log");
        this.target = new Target(port, candidate.path());
    }

    /** Starts it on an empty directory, and waits until it answers. */
    public static RunningServer start(Candidate candidate, Path directory) throws IOException, InterruptedException {
        RunningServer server = launch(candidate, directory);
        server.awaitAnswer();
        return server;
    }

    /** Starts it, and returns at once. */
    public static RunningServer launch(Candidate candidate, Path directory) throws IOException {
        Files.createDirectories(directory);
        RunningServer server = new RunningServer(candidate, directory, freePort());
        server.begin();
        return server;
    }

    /** Starts it again, on the same directory and port. */
    public void begin() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(candidate.command().of(target.port(), directory))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        // The distribution looks for its Java there; it is to be measured on the same one as the jar.
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        process = builder.start();
        // Where the benchmark is interrupted, its servers end with it.
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        figures = new ProcessFigures(process.pid());
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    public void awaitAnswer() throws IOException, InterruptedException {
        long limit = System.nanoTime() + START_LIMIT;
        while (!answers()) {
            if (System.nanoTime() > limit || !process.isAlive()) {
                throw new IOException(candidate.name() + " does not start:\n" + Files.readString(log));
            }
            Thread.sleep(20);
        }
    }

    private boolean answers() {
        try (TusConnection tus = new TusConnection(target)) {
            tus.send(tus.head("OPTIONS", target.path(), ""));
            return tus.next(false).status() / 100 == 2;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** The value of a header of the answer to OPTIONS, in which a server says what it can; "" without it. */
    public String says(String header) throws IOException {
        try (TusConnection tus = new TusConnection(target)) {
            tus.send(tus.head("OPTIONS", target.path(), ""));
            String value = tus.next(false).header(header);
            return value == null ? "" : value;
        }
    }

    /** Waits until the server has used almost no processor time for a second: until what follows its answers is done. */
    public void awaitRest() throws IOException, InterruptedException {
        Deque<Double> samples = new ArrayDeque<>();
        long limit = System.nanoTime() + REST_LIMIT;
        while (System.nanoTime() < limit) {
            double now = figures.processorSeconds();
            samples.addLast(now);
            if (samples.size() > SAMPLES && now - samples.removeFirst() < AT_REST) {
                return;
            }
            Thread.sleep(SAMPLE_MILLIS);
        }
        throw new IOException(candidate.name() + " does not come to rest");
    }

    public String name() {
        return candidate.name();
    }

    public Target target() {
        return target;
    }

    public ProcessFigures figures() {
        return figures;
    }

    public Process process() {
        return process;
    }

    public Path directory() {
        return directory;
    }

    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
