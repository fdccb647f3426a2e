package dev.narwhal.faults;

import dev.narwhal.testkit.FaultProxy;
import dev.narwhal.testkit.NarwhalProcess;
import dev.narwhal.testkit.PlainTus;
import dev.narwhal.testkit.S3FaultProxy;
import dev.narwhal.testkit.S3Store;
import dev.narwhal.upload.TestDatabase;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A server that is killed again and again, its clients' line, its object store behind a proxy, and a directory for what a
 * rule sends there ({@code to} in the metadata). One thread kills and starts it; any number send requests.
 */
final class CrashedServer implements AutoCloseable {

    static final String TO_DIRECTORY = "directory";
    static final String TO_STORE = "store";

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** Small ones, so that a file of a few MiB is sent in parts, and ahead. */
    private static final List<String> SETTINGS = List.of(
            "--narwhal.destination.s3.part-size=5MB",
            "--narwhal.delivery.send-ahead-from=8MB",
            "--narwhal.destinations.files.type=directory",
            "--narwhal.delivery.rules[0].destination=files",
            "--narwhal.delivery.rules[0].metadata.to=" + TO_DIRECTORY,
            "--narwhal.staging.reserve=64MB",
            "--narwhal.destinations.files.directory.reserve=64MB",
            "--management.endpoints.web.exposure.include=health,deliveries");

    private final Path directory;
    private final @Nullable DataSource postgres;
    private final S3Store store;
    private final S3FaultProxy storeLine;
    private final NarwhalProcess process;
    private final FaultProxy line;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private PlainTus tus = new PlainTus(PATIENCE);
    private int kills;
    private boolean up = true;
    private Runnable beforeKill = () -> {};

    /** @param postgres null for the embedded database */
    CrashedServer(Path directory, @Nullable DataSource postgres) throws Exception {
        this.directory = directory;
        this.postgres = postgres;
        this.store = S3Store.start(directory.resolve("store"));
        this.storeLine = S3FaultProxy.to(store.endpoint());
        List<String> settings = new ArrayList<>(store.settings());
        settings.replaceAll(setting -> setting.startsWith("--narwhal.destination.s3.endpoint=")
                ? "--narwhal.destination.s3.endpoint=" + storeLine.endpoint()
                : setting);
        settings.addAll(SETTINGS);
        settings.add("--narwhal.destinations.files.directory.path=" + delivered());
        if (postgres != null) {
            settings.addAll(postgresSettings(postgres));
        }
        this.process = NarwhalProcess.start(directory.resolve("data"), NarwhalProcess.QUICK_START, settings);
        this.line = FaultProxy.to(process.root());
    }

    private static List<String> postgresSettings(DataSource postgres) throws SQLException {
        try (Connection connection = postgres.getConnection()) {
            return List.of(
                    "--spring.datasource.url=" + connection.getMetaData().getURL(),
                    "--spring.datasource.username=postgres");
        }
    }

    /** Its rows; those of an embedded database only while it is stopped. */
    Connection database() throws SQLException {
        return postgres != null ? postgres.getConnection() : TestDatabase.connect(dataDir());
    }

    /**
     * Waits until the server is there, and sends.
     *
     * @throws KilledException when it was killed meanwhile
     * @throws IOException when the connection broke though nobody had killed the server
     */
    HttpResponse<String> send(String method, URI url, BodyPublisher body, String... headers)
            throws IOException, InterruptedException, KilledException {
        PlainTus client;
        int before;
        lock.lock();
        try {
            awaitChange(() -> up);
            client = tus;
            before = kills;
        } finally {
            lock.unlock();
        }
        try {
            return client.send(method, url, body, headers);
        } catch (IOException e) {
            requireKilledSince(before, e);
            throw new KilledException(e);
        }
    }

    private void requireKilledSince(int before, IOException broken) throws IOException, InterruptedException {
        lock.lock();
        try {
            awaitChange(() -> kills > before);
        } catch (IllegalStateException e) {
            throw new IOException("The connection broke, and nobody had killed the server", broken);
        } finally {
            lock.unlock();
        }
    }

    private interface State {
        boolean holds();
    }

    private void awaitChange(State state) throws InterruptedException {
        long nanos = PATIENCE.toNanos();
        while (!state.holds()) {
            if (nanos <= 0) {
                throw new IllegalStateException("Waited " + PATIENCE + " in vain");
            }
            nanos = changed.awaitNanos(nanos);
        }
    }

    /** To be done at each kill, just before it. */
    void atEachKill(Runnable look) {
        beforeKill = look;
    }

    /** SIGKILL; then both lines are as on the first day. */
    void kill() {
        beforeKill.run();
        process.kill();
        lock.lock();
        try {
            up = false;
            kills++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        line.reset();
        line.countAnew();
        storeLine.mend();
    }

    /** Starts it and waits until it answers; from then on clients are let through again. */
    void restart() throws IOException {
        process.restart();
        PlainTus before;
        lock.lock();
        try {
            before = tus;
            // Connections of the dead one are not to be taken for those of this one.
            tus = new PlainTus(PATIENCE);
            up = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        before.close();
    }

    /** Starts it, and kills it when its log has grown by that many lines, or when it is up. */
    void killWhileStarting(int lines) throws IOException {
        long begin = logLines();
        process.relaunch();
        KillMoments.within("it prints " + lines + " lines", () -> logLines() >= begin + lines || !process.isAlive());
        if (!process.isAlive()) {
            throw new IllegalStateException("The server did not start:\n" + process.log());
        }
        process.kill();
    }

    void stop() {
        process.stop();
    }

    /** Where clients send to. */
    URI uploads() {
        return line.through(process.uploads());
    }

    URI management(String path) {
        return process.root().resolve("actuator/" + path);
    }

    FaultProxy line() {
        return line;
    }

    S3FaultProxy storeLine() {
        return storeLine;
    }

    S3Store store() {
        return store;
    }

    Path dataDir() {
        return process.dataDir();
    }

    Path delivered() {
        return directory.resolve("delivered");
    }

    String log() {
        return process.log();
    }

    private long logLines() {
        return process.log().lines().count();
    }

    void keepLog(Path target) throws IOException {
        Files.writeString(target, log());
    }

    @Override
    public void close() throws IOException {
        process.close();
        line.close();
        tus.close();
        storeLine.close();
        store.close();
    }
}
