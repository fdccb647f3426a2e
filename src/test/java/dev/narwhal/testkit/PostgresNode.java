package dev.narwhal.testkit;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL server of its own, on a port that stays the same, to which may happen what happens to databases: it stops answering, is killed, comes back, or another takes its place. Linux only. For one thread.
 */
public final class PostgresNode implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(PostgresNode.class);

    private final Path directory;
    private final int port;
    /** By default the embedded one says that a commit is done before it is, as no production database should. */
    private final Map<String, String> settings = new HashMap<>(Map.of("synchronous_commit", "on"));

    private EmbeddedPostgres database;

    private PostgresNode(Path directory) throws IOException {
        this.directory = directory;
        this.port = freePort();
        this.database = launch();
    }

    /** @param directory where its data is to be; must not exist */
    public static PostgresNode start(Path directory) throws IOException {
        return new PostgresNode(directory);
    }

    /**
     * A second server that follows this one. From now on each commit here waits until the replica has it, too. This server
     * is started again for that.
     */
    public PostgresNode replica(Path copy) throws IOException {
        stop();
        copyTo(copy);
        settings.put("synchronous_standby_names", "*");
        restart();
        Files.createFile(copy.resolve("standby.signal"));
        // Not as a setting of the command line, which takes no spaces.
        Files.writeString(
                copy.resolve("postgresql.auto.conf"),
                "primary_conninfo = 'host=127.0.0.1 user=postgres port=" + port + "'\n");
        return new PostgresNode(copy);
    }

    private void copyTo(Path copy) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            files.filter(file -> !file.getFileName().toString().equals("epg-lock"))
                    .forEach(file -> copyTo(copy.resolve(directory.relativize(file)), file));
        }
    }

    private static void copyTo(Path copy, Path file) {
        try {
            Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@code 127.0.0.1:port} */
    public String address() {
        return "127.0.0.1:" + port;
    }

    /** What a server needs to use it. */
    public List<String> settings(String parameters) {
        return settings(parameters, address());
    }

    /** The same for several, of which one is the primary. */
    public static List<String> settings(String parameters, String addresses) {
        return List.of(
                "--spring.datasource.url=jdbc:postgresql://" + addresses + "/postgres?" + parameters,
                "--spring.datasource.username=postgres");
    }

    public Connection connect() throws SQLException {
        return database.getPostgresDatabase().getConnection();
    }

    public void execute(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            var unused = statement.execute(sql);
        }
    }

    /** Orderly. */
    public void stop() throws IOException {
        database.close();
    }

    /** SIGKILL to all of its processes. */
    public void kill() throws IOException {
        List<ProcessHandle> all = processes();
        signal("KILL");
        all.forEach(process -> process.onExit().join());
        // It names a process that may be another's soon.
        Files.delete(pidFile());
        try {
            database.close();
        } catch (IOException | RuntimeException e) {
            log.debug("There was nothing left to stop", e);
        }
    }

    /** After {@link #stop} or {@link #kill}: the same data on the same port. */
    public void restart() throws IOException {
        database = launch();
    }

    /** SIGSTOP to all of its processes: connections stay, and nobody answers. */
    public void freeze() throws IOException {
        signal("STOP");
    }

    public void thaw() throws IOException {
        signal("CONT");
    }

    /** A replica becomes the primary; returns when it is. */
    public void promote() throws SQLException {
        execute("select pg_promote(true, 60)");
    }

    private void signal(String signal) throws IOException {
        for (ProcessHandle process : processes()) {
            Signals.send(signal, process.pid());
        }
    }

    private List<ProcessHandle> processes() throws IOException {
        long postmaster = Long.parseLong(Files.readAllLines(pidFile()).getFirst());
        return ProcessHandle.of(postmaster).stream()
                .flatMap(handle -> Stream.concat(Stream.of(handle), handle.descendants()))
                .toList();
    }

    private Path pidFile() {
        return directory.resolve("postmaster.pid");
    }

    private EmbeddedPostgres launch() throws IOException {
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                .setPort(port)
                .setDataDirectory(directory)
                .setCleanDataDirectory(false);
        settings.forEach(builder::setServerConfig);
        return builder.start();
    }

    /** Also when it is frozen, or was killed before. */
    @Override
    public void close() throws IOException {
        if (Files.exists(pidFile())) {
            kill();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
