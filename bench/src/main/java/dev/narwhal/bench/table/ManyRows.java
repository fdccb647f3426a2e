package dev.narwhal.bench.table;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/**
 * Makes rows of delivered uploads in the embedded database of a server that does not run: copies of one that was delivered, whatever
 * columns the tables have by now.
 */
final class ManyRows {

    private static final long BATCH = 50_000;
    private static final String NEW_ID = "lower(rawtohex(random_uuid()))";

    private ManyRows() {}

    /** @param data of a server that has delivered one upload, and has stopped */
    static void make(Path data, long count) throws SQLException {
        String url = "jdbc:h2:file:" + data.resolve("db/narwhal") + ";IFEXISTS=TRUE";
        try (Connection database = DriverManager.getConnection(url, "narwhal", "");
                Statement statement = database.createStatement()) {
            for (long made = 0; made < count; made += BATCH) {
                statement.executeUpdate(uploads(database, Math.min(BATCH, count - made)));
            }
            statement.executeUpdate(deliveries(database));
            statement.execute("shutdown compact");
        }
    }

    private static String uploads(Connection database, long count) throws SQLException {
        StringJoiner into = new StringJoiner(", ");
        StringJoiner values = new StringJoiner(", ");
        for (String column : columns(database, "UPLOAD")) {
            into.add('"' + column + '"');
            values.add(column.equals("ID") ? NEW_ID : "u.\"" + column + '"');
        }
        return "insert into upload (%s) select %s from (select * from upload where state = 'DELIVERED' limit 1) u,"
                        .formatted(into, values)
                + " system_range(1, " + count + ")";
    }

    /** For each upload that has none. */
    private static String deliveries(Connection database) throws SQLException {
        StringJoiner into = new StringJoiner(", ");
        StringJoiner values = new StringJoiner(", ");
        for (String column : columns(database, "DELIVERY")) {
            into.add('"' + column + '"');
            values.add(
                    switch (column) {
                        case "UPLOAD_ID" -> "u." + key(database);
                        case "OBJECT_KEY" -> "'uploads/' || u.id || '/load.bin'";
                        default -> "d.\"" + column + '"';
                    });
        }
        return "insert into delivery (%s) select %s from upload u, (select * from delivery limit 1) d"
                        .formatted(into, values)
                + " where not exists (select 1 from delivery x where x.upload_id = u." + key(database) + ")";
    }

    /** The column of an upload that a delivery refers to. */
    private static String key(Connection database) throws SQLException {
        try (ResultSet keys = database.getMetaData().getImportedKeys(null, null, "DELIVERY")) {
            return keys.next() ? '"' + keys.getString("PKCOLUMN_NAME") + '"' : "id";
        }
    }

    /** Without those that the database fills itself. */
    private static List<String> columns(Connection database, String table) throws SQLException {
        List<String> columns = new ArrayList<>();
        try (ResultSet all = database.getMetaData().getColumns(null, null, table, null)) {
            while (all.next()) {
                if (!"YES".equals(all.getString("IS_AUTOINCREMENT"))
                        && !"YES".equals(all.getString("IS_GENERATEDCOLUMN"))) {
                    columns.add(all.getString("COLUMN_NAME"));
                }
            }
        }
        return columns;
    }
}
