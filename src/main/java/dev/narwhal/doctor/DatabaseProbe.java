package dev.narwhal.doctor;

import dev.narwhal.database.ScratchDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfoService;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.core.api.output.ValidateResult;
import org.springframework.boot.jdbc.DatabaseDriver;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** Tests a reachable database without changing its tables or rows. */
final class DatabaseProbe {

    private static final int ROUND_TRIPS = 9;
    private static final String MIGRATIONS = "database tables";
    static final String WRITES = "database writes";

    /**
     * Waits for the sync of the log, like any commit, but writes to no table: a logical message exists only in the log.
     */
    private static final String POSTGRESQL_WRITE =
            "select pg_logical_emit_message(true, 'narwhal.doctor', 'synced write')";

    private final Connection connection;
    private final String which;
    private final Writing h2Writes;

    /**
     * @param which the database's name, for people
     * @param h2Writes the write test for an H2 database
     */
    DatabaseProbe(Connection connection, String which, Writing h2Writes) {
        this.connection = connection;
        this.which = which;
        this.h2Writes = h2Writes;
    }

    /** @throws SQLException when the connection breaks meanwhile */
    List<Finding> findings() throws SQLException {
        DatabaseMetaData database = connection.getMetaData();
        String version = database.getDatabaseProductName() + " " + database.getDatabaseProductVersion();
        DatabaseDriver driver = DatabaseDriver.fromProductName(database.getDatabaseProductName());
        if (driver != DatabaseDriver.POSTGRESQL && driver != DatabaseDriver.H2) {
            return List.of(Finding.fail(
                    DatabaseCheck.NAME,
                    which + " is " + version,
                    "Name a PostgreSQL with spring.datasource.url, or leave it out for the embedded database."));
        }
        List<Finding> findings = new ArrayList<>();
        findings.add(Finding.ok(
                DatabaseCheck.NAME,
                which + ": " + version + ", a round trip takes " + Amounts.millis(median(() -> run("select 1")))));
        findings.add(migrations(driver));
        findings.add(driver == DatabaseDriver.POSTGRESQL ? postgresqlWrite() : h2Writes.findings());
        return findings;
    }

    private Finding migrations(DatabaseDriver driver) {
        FluentConfiguration configuration = Flyway.configure()
                .dataSource(new SingleConnectionDataSource(connection, true))
                .locations("classpath:db/migration/" + driver.getId());
        MigrationInfoService migrations = configuration.load().info();
        if (migrations.current() == null) {
            return Finding.ok(MIGRATIONS, "none yet: the first start makes them");
        }
        ValidateResult valid = configuration
                .ignoreMigrationPatterns("*:pending", "*:future")
                .load()
                .validateWithResult();
        if (!valid.validationSuccessful) {
            return Finding.fail(
                    MIGRATIONS,
                    oneLine(valid.getAllErrorMessages()),
                    "Restore the backup from before that, or start the version of Narwhal that made these tables.");
        }
        return state(migrations);
    }

    private static Finding state(MigrationInfoService migrations) {
        MigrationVersion current = migrations.current().getVersion();
        boolean newer = Arrays.stream(migrations.all())
                .anyMatch(migration -> migration.getState().isApplied()
                        && !migration.getState().isResolved());
        if (newer) {
            return Finding.fail(
                    MIGRATIONS,
                    "of version " + current + ", made by a newer Narwhal than this one",
                    "Start that newer version, or restore the backup from before it.");
        }
        int pending = migrations.pending().length;
        return pending == 0
                ? Finding.ok(MIGRATIONS, "of version " + current + ", as this version needs them")
                : Finding.warn(
                        MIGRATIONS,
                        "of version " + current + "; the next start makes " + pending + " change"
                                + (pending == 1 ? "" : "s"),
                        "Back the database up before that start: there is no way back to an older version.");
    }

    private Finding postgresqlWrite() throws SQLException {
        if (!setting("transaction_read_only").equals("off")) {
            return Finding.fail(
                    WRITES,
                    "it takes no writes: a standby, or set to read-only",
                    "Name the primary with spring.datasource.url.");
        }
        String text = "a commit takes " + Amounts.millis(median(() -> run(POSTGRESQL_WRITE)));
        for (String name : List.of("fsync", "synchronous_commit")) {
            if (setting(name).equals("off")) {
                return Finding.warn(
                        WRITES,
                        text + ", but " + name + " is off: a crash takes back what was acknowledged",
                        "Set " + name + "=on on the database server.");
            }
        }
        return Finding.ok(WRITES, text);
    }

    /** In a database beside the server's own, which it does not change. */
    static Finding embeddedWrite(Path dataDirectory) throws SQLException {
        try (ScratchDatabase scratch = ScratchDatabase.in(dataDirectory)) {
            run(scratch.connection(), "create table sample (written int)");
            Duration time = median(() -> {
                run(scratch.connection(), "insert into sample values (1)");
                run(scratch.connection(), "checkpoint sync");
            });
            return Finding.ok(WRITES, "a commit and its sync take " + Amounts.millis(time));
        }
    }

    private String setting(String name) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet value = statement.executeQuery("show " + name)) {
            return value.next() ? value.getString(1) : "";
        }
    }

    private void run(String sql) throws SQLException {
        run(connection, sql);
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\s*\\R\\s*", " ").strip();
    }

    private static Duration median(Work work) throws SQLException {
        List<Duration> times = new ArrayList<>();
        for (int i = 0; i < ROUND_TRIPS; i++) {
            long begun = System.nanoTime();
            work.run();
            times.add(Duration.ofNanos(System.nanoTime() - begun));
        }
        Collections.sort(times);
        return times.get(ROUND_TRIPS / 2);
    }

    /** A test of a database's writes. */
    @FunctionalInterface
    interface Writing {

        Finding findings() throws SQLException;
    }

    @FunctionalInterface
    private interface Work {

        void run() throws SQLException;
    }
}
