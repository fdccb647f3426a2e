package dev.narwhal.database;

import dev.narwhal.database.h2.AtomicFilePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** An empty embedded database beside the server's, on the same disk, for a measurement of writes. {@link #close} removes it. */
public final class ScratchDatabase implements AutoCloseable {

    private final Connection connection;
    private final Path file;

    private ScratchDatabase(Connection connection, Path file) {
        this.connection = connection;
        this.file = file;
    }

    /**
     * @param dataDirectory the data directory of a server that has run
     * @throws SQLException when nothing can be written there
     */
    public static ScratchDatabase in(Path dataDirectory) throws SQLException {
        String name = "scratch-" + Long.toHexString(ProcessHandle.current().pid()) + "-"
                + Long.toHexString(System.nanoTime());
        Path file = EmbeddedDatabase.file(dataDirectory).resolveSibling(name + ".mv.db");
        return new ScratchDatabase(EmbeddedDatabase.connectBeside(dataDirectory, name), file);
    }

    public Connection connection() {
        return connection;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
        try {
            for (Path left : List.of(file, AtomicFilePath.logOf(file))) {
                Files.deleteIfExists(left);
            }
        } catch (IOException e) {
            throw new SQLException("What was tried in " + file + " cannot be removed", e);
        }
    }
}
