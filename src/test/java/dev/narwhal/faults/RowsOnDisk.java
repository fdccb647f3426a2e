package dev.narwhal.faults;

import dev.narwhal.database.EmbeddedDatabase;
import dev.narwhal.faults.SimulatedDisk.Node;
import dev.narwhal.upload.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.util.FileSystemUtils;

/** The rows that the embedded database has after a power cut, when it is opened as the server opens it. */
final class RowsOnDisk {

    /** Each is read to its end, so that a page that cannot be read is found. */
    private static final List<String> TABLES =
            List.of("upload_part", "delivery", "delivery_part", "scheduled_tasks", "\"flyway_schema_history\"");

    record Row(String state, long offset) {}

    private RowsOnDisk() {}

    /**
     * By id; empty when there is no database yet, or none with our tables.
     *
     * @param data the data directory, relative to the disk's root
     * @param scratch an existing directory for a copy of the database
     * @throws SQLException when the database cannot be opened or read
     */
    static Map<String, Row> of(CutDisk disk, Path data, Path scratch) throws IOException, SQLException {
        Path copy = Files.createTempDirectory(scratch, "rows");
        Path directory = Files.createDirectory(copy.resolve("db"));
        for (Map.Entry<String, Node> file : disk.list(data.resolve("db")).entrySet()) {
            disk.writeFile(file.getValue(), directory.resolve(file.getKey()));
        }
        if (Files.notExists(EmbeddedDatabase.file(copy))) {
            return Map.of();
        }
        try (Connection connection = TestDatabase.connect(copy);
                Statement statement = connection.createStatement()) {
            Map<String, Row> rows = isEmpty(statement) ? Map.of() : read(statement);
            statement.execute("SHUTDOWN IMMEDIATELY");
            return rows;
        } finally {
            FileSystemUtils.deleteRecursively(copy);
        }
    }

    /** The power went before the first migration. */
    private static boolean isEmpty(Statement statement) throws SQLException {
        try (ResultSet tables =
                statement.executeQuery("select 1 from information_schema.tables where lower(table_name) = 'upload'")) {
            return !tables.next();
        }
    }

    private static Map<String, Row> read(Statement statement) throws SQLException {
        Map<String, Row> rows = new HashMap<>();
        try (ResultSet row = statement.executeQuery("select id, state, \"offset\" from upload")) {
            while (row.next()) {
                rows.put(row.getString(1), new Row(row.getString(2), row.getLong(3)));
            }
        }
        for (String table : TABLES) {
            try (ResultSet row = statement.executeQuery("select * from " + table)) {
                while (row.next()) {
                    row.getObject(1);
                }
            }
        }
        return rows;
    }
}
