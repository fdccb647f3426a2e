package dev.narwhal.database;

import dev.narwhal.database.h2.AtomicFilePath;
import dev.narwhal.database.h2.UnlockedFilePath;
import dev.narwhal.disk.DurableDirectories;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;

/** The H2 file database below the data directory, for a server that was not told of another database. */
public final class EmbeddedDatabase implements JdbcConnectionDetails, SmartInitializingSingleton {

    /**
     * In this order: a file that no crash leaves half written ({@link AtomicFilePath}); a file system whose channel belongs to
     * other threads, so that an interrupt of a thread that reads or writes does not close the database ("async:", and not
     * "retry:", which opens the file again and gives up its lock meanwhile); closed by the pool with its last connection,
     * and not by a shutdown hook that races with it; no trace file, its contents are in the exceptions; times that are sent
     * without a zone mean one instant, also in the hour that a local clock repeats.
     *
     * <p>Not WRITE_DELAY=0: it does not sync either, so nothing that {@link GroupCommitter} does not sync is safer for it,
     * and it turns off the thread that gives space back: after 20,000 uploads the file was 177 MB, against 60 MB, and 11
     * MB once closed.
     */
    private static final String URL = "jdbc:h2:atomic:async:%s;DB_CLOSE_ON_EXIT=FALSE;TRACE_LEVEL_FILE=0;TIME ZONE=UTC";

    /** Reads the file as it is, takes no lock of it and leaves its log alone. */
    private static final String READ_ONLY_URL =
            "jdbc:h2:unlocked:async:%s;ACCESS_MODE_DATA=r;IFEXISTS=TRUE;DB_CLOSE_ON_EXIT=FALSE;TRACE_LEVEL_FILE=0;TIME"
                    + " ZONE=UTC";

    private static final String DIRECTORY = "db";
    private static final String NAME = "narwhal";
    private static final String USER = "narwhal";

    private static final String URL_SEPARATOR = ";";

    static {
        AtomicFilePath.register();
        UnlockedFilePath.register();
    }

    private final Path directory;

    /**
     * Makes the directory {@code db} below {@code dataDirectory}, durably.
     *
     * @throws IllegalArgumentException when H2 cannot take that path
     */
    EmbeddedDatabase(Path dataDirectory) {
        this.directory = dataDirectory.toAbsolutePath().normalize().resolve(DIRECTORY);
        refuseSeparator(dataDirectory);
        try {
            DurableDirectories.create(directory);
            // Once more for one that was found: whoever made it may have died before its entry was durable.
            DurableDirectories.sync(dataDirectory.toAbsolutePath());
        } catch (IOException e) {
            throw new UncheckedIOException("The database's directory " + directory + " cannot be made", e);
        }
    }

    private static void refuseSeparator(Path dataDirectory) {
        if (dataDirectory.toAbsolutePath().toString().contains(URL_SEPARATOR)) {
            throw new IllegalArgumentException("narwhal.data-dir is '" + dataDirectory
                    + "', but must not contain ';' while the database is the embedded one"
                    + " (spring.datasource.url is not set)");
        }
    }

    /**
     * The file that is there once a server has run with that data directory.
     *
     * @throws IllegalArgumentException when H2 cannot take that path
     */
    public static Path file(Path dataDirectory) {
        refuseSeparator(dataDirectory);
        return dataDirectory.resolve(DIRECTORY).resolve(NAME + ".mv.db");
    }

    /** False while its log may have something that the file has not: a server runs, or has not stopped in good order. */
    public static boolean isWhole(Path dataDirectory) {
        return !AtomicFilePath.hasLog(file(dataDirectory));
    }

    /**
     * Reads the database of that data directory if it is there, and {@linkplain #isWhole whole}. Changes and locks nothing: a
     * server that starts meanwhile has it, and may make the reading fail.
     *
     * @throws SQLException when it cannot be read
     */
    public static Connection connectReadOnly(Path dataDirectory) throws SQLException {
        return DriverManager.getConnection(
                READ_ONLY_URL.formatted(dataDirectory.resolve(DIRECTORY).resolve(NAME)), USER, "");
    }

    /**
     * Opens an empty database of that name beside the server's, as the server opens its own.
     *
     * @throws SQLException when it cannot be made
     */
    static Connection connectBeside(Path dataDirectory, String name) throws SQLException {
        return DriverManager.getConnection(
                URL.formatted(dataDirectory.resolve(DIRECTORY).resolve(name)), USER, "");
    }

    @Override
    public String getJdbcUrl() {
        return URL.formatted(directory.resolve(NAME));
    }

    @Override
    public String getUsername() {
        return USER;
    }

    @Override
    public String getPassword() {
        return "";
    }

    /** The migrations have made the file by now, and nothing is acknowledged yet: H2 syncs the file but not its entry. */
    @Override
    public void afterSingletonsInstantiated() {
        try {
            DurableDirectories.sync(directory);
        } catch (IOException e) {
            throw new UncheckedIOException("The database's directory " + directory + " cannot be synced", e);
        }
    }
}
