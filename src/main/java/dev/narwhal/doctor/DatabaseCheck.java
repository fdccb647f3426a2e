package dev.narwhal.doctor;

import dev.narwhal.database.EmbeddedDatabase;
import dev.narwhal.staging.DataDirectory;
import dev.narwhal.staging.DataDirectoryProperties;
import dev.narwhal.startup.InspectedSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.springframework.jdbc.CannotGetJdbcConnectionException;

/**
 * Checks that the database is reachable and supported, has the tables of this version or can get them, and can write.
 */
final class DatabaseCheck implements Doctor.Check {

    static final String NAME = "database";

    private static final String POSTGRESQL = "jdbc:postgresql:";
    private static final String H2 = "jdbc:h2:";
    private static final String ONLY_IF_THERE = ";IFEXISTS=TRUE";
    private static final String READ_ONLY = ";ACCESS_MODE_DATA=r";

    /** An H2 of another process, or in memory. */
    private static final List<String> NO_FILES = List.of("tcp:", "ssl:", "mem:");

    private static final DatabaseProbe.Writing NO_WRITES =
            () -> Finding.ok(DatabaseProbe.WRITES, "not tried: it was opened for reading only");

    /** H2's error codes for a file that another process has open, and for a missing file. */
    private static final int IN_USE = 90020;

    private static final int NOT_THERE = 90146;

    private final InspectedSettings settings;

    DatabaseCheck(InspectedSettings settings) {
        this.settings = settings;
    }

    @Override
    public List<Finding> findings() {
        String url = setting("url");
        if (!url.isBlank()) {
            return look(
                    "spring.datasource.url '" + InspectedSettings.redactedUrl(url) + "'",
                    () -> connect(url),
                    NO_WRITES);
        }
        Optional<Path> directory = settings.bind(DataDirectoryProperties.class).map(DataDirectoryProperties::path);
        return directory.isEmpty() ? List.of() : embedded(directory.get());
    }

    private List<Finding> embedded(Path directory) {
        Path file = EmbeddedDatabase.file(directory);
        if (!Files.exists(file)) {
            return List.of(notThere());
        }
        if (holder(directory).isPresent()) {
            return List.of(inUse());
        }
        if (!EmbeddedDatabase.isWhole(directory)) {
            return List.of(Finding.warn(
                    NAME,
                    "H2, not stopped in good order: its log has more than its file, so it was not looked into",
                    "Start the server, which does what the log says."));
        }
        return look(
                "the embedded database",
                () -> EmbeddedDatabase.connectReadOnly(directory),
                () -> DatabaseProbe.embeddedWrite(directory));
    }

    private static Optional<String> holder(Path directory) {
        try {
            return DataDirectory.holder(directory);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private List<Finding> look(String which, Connecting connecting, DatabaseProbe.Writing h2Writes) {
        try (Connection connection = connecting.connect()) {
            return new DatabaseProbe(connection, which, h2Writes).findings();
        } catch (SQLException e) {
            return switch (e.getErrorCode()) {
                case IN_USE -> List.of(inUse());
                case NOT_THERE -> List.of(notThere());
                default ->
                    List.of(Finding.fail(
                            NAME,
                            settings.explain(new CannotGetJdbcConnectionException("No connection", e)),
                            "Start the database, or correct spring.datasource.url, .username and .password."));
            };
        }
    }

    private static Finding inUse() {
        return Finding.warn(
                NAME,
                "H2, in use by the running server: not looked into",
                "Nothing has to be done; to have it looked into, stop the server first.");
    }

    private static Finding notThere() {
        return Finding.ok(NAME, "H2, not there yet: the first start makes it");
    }

    private Connection connect(String url) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", setting("username"));
        properties.setProperty("password", setting("password"));
        if (url.startsWith(POSTGRESQL)) {
            properties.setProperty("connectTimeout", "5");
            properties.setProperty("socketTimeout", "20");
            properties.setProperty("ApplicationName", "narwhal-doctor");
        }
        return DriverManager.getConnection(url.startsWith(H2) ? onlyLooking(url) : url, properties);
    }

    /** Opening the file for writing would replay its log, and closing it might compact it. */
    private static String onlyLooking(String url) {
        String ifThere = url.contains("IFEXISTS") ? url : url + ONLY_IF_THERE;
        boolean isFile = NO_FILES.stream().noneMatch(kind -> url.startsWith(H2 + kind));
        return isFile && !url.contains("ACCESS_MODE_DATA") ? ifThere + READ_ONLY : ifThere;
    }

    private String setting(String name) {
        return settings.environment().getProperty("spring.datasource." + name, "");
    }

    @FunctionalInterface
    private interface Connecting {

        Connection connect() throws SQLException;
    }
}
