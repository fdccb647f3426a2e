package dev.narwhal.database;

import dev.narwhal.database.h2.AtomicFilePath;
import dev.narwhal.database.h2.UninterruptedFilePath;
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

/** The H2 file database below the data directory, for a server without the setting {@code spring.datasource.url}. */
public final class EmbeddedDatabase implements JdbcConnectionDetails, SmartInitializingSingleton {

    /**
     * "atomic:" is a file that no crash leaves half written ({@link AtomicFilePath}). "uninterrupted:" is a channel that an
     * interrupt of a reading or writing thread does not close ({@link UninterruptedFilePath}); "retry:" would reopen the file
     * and give up its lock meanwhile.
     * DB_CLOSE_ON_EXIT=FALSE: the pool closes the database with its last connection, and no shutdown hook races with it.
     * TRACE_LEVEL_FILE=0: the exceptions contain what a trace file would. TIME ZONE=UTC: a time without a zone means one
     * instant, also in the hour that a local clock repeats. QUERY_CACHE_SIZE: a connection keeps so many parsed statements; with
     * H2's default of 8 a small upload had each of its statements parsed again. RETENTION_TIME=0: H2 may use the space of outdated
     * pages at once. It would keep them for 45 s, since a disk may write out of order, but "atomic:" writes in order; after 18,000
     * small uploads in half a minute the file had 547 MB instead of 29 MB.
     *
     * <p>Without WRITE_DELAY=0: it does not sync either, so it adds no durability to what {@link GroupCommitter} syncs. It also
     * turns off the thread that frees space: after 20,000 uploads the file had 177 MB instead of 60 MB (11 MB once closed).
     */
    private static final String URL =
            "jdbc:h2:atomic:uninterrupted:%s;DB_CLOSE_ON_EXIT=FALSE;TRACE_LEVEL_FILE=0;TIME ZONE=UTC;QUERY_CACHE_SIZE=128;RETENTION_TIME=0";

    /** Reads the file as it is, takes no lock on it, and does not touch its log. */
    private static final String READ_ONLY_URL =
            "jdbc:h2:unlocked:async:%s;ACCESS_MODE_DATA=r;IFEXISTS=TRUE;DB_CLOSE_ON_EXIT=FALSE;TRACE_LEVEL_FILE=0;TIME"
                    + " ZONE=UTC";

    private static final String DIRECTORY = "db";
    private static final String NAME = "narwhal";
    private static final String USER = "narwhal";

    private static final String URL_SEPARATOR = ";";

    static {
        AtomicFilePath.register();
        UninterruptedFilePath.register();
        UnlockedFilePath.register();
    }

    private final Path directory;

    /**
     * Creates the directory {@code db} below {@code dataDirectory}, durably.
     *
     * @throws IllegalArgumentException when H2 cannot open that path
     */
    EmbeddedDatabase(Path dataDirectory) {
        this.directory = dataDirectory.toAbsolutePath().normalize().resolve(DIRECTORY);
        refuseSeparator(dataDirectory);
        try {
            DurableDirectories.create(directory);
            // Also for a directory that exists already: its creator may have died before the entry was durable.
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
     * The database file. It exists once a server has run with that data directory.
     *
     * @throws IllegalArgumentException when H2 cannot open that path
     */
    public static Path file(Path dataDirectory) {
        refuseSeparator(dataDirectory);
        return dataDirectory.resolve(DIRECTORY).resolve(NAME + ".mv.db");
    }

    /** False while the log may contain changes that the file lacks: a server runs, or has not shut down cleanly. */
    public static boolean isWhole(Path dataDirectory) {
        return !AtomicFilePath.hasLog(file(dataDirectory));
    }

    /**
     * Opens the database of that data directory for reading, if it exists and {@linkplain #isWhole is whole}. Changes and locks
     * nothing. A server that starts meanwhile takes the database over, and may make the reading fail.
     *
     * @throws SQLException when the database cannot be read
     */
    public static Connection connectReadOnly(Path dataDirectory) throws SQLException {
        return DriverManager.getConnection(
                READ_ONLY_URL.formatted(dataDirectory.resolve(DIRECTORY).resolve(NAME)), USER, "");
    }

    /**
     * Opens an empty database of that name beside the server's, with the same options.
     *
     * @throws SQLException when it cannot be created
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

    /**
     * Runs after the migrations have created the file, and before the server acknowledges anything. H2 syncs the file but not
     * its directory entry.
     */
    @Override
    public void afterSingletonsInstantiated() {
        try {
            DurableDirectories.sync(directory);
        } catch (IOException e) {
            throw new UncheckedIOException("The database's directory " + directory + " cannot be synced", e);
        }
    }
}
