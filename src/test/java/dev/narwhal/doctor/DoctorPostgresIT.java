package dev.narwhal.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.upload.TestDatabase;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The doctor and a PostgreSQL. */
@Tag("process")
class DoctorPostgresIT {

    private static EmbeddedPostgres postgres;

    @TempDir
    private Path directory;

    @BeforeAll
    static void start() throws Exception {
        // The test database's own default is off, which the doctor would tell.
        postgres = EmbeddedPostgres.builder()
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .start();
    }

    @AfterAll
    static void stop() throws Exception {
        postgres.close();
    }

    @AfterEach
    void forget() throws SQLException {
        execute("drop schema public cascade; create schema public");
    }

    @Test
    void database_beforeTheFirstStart_isNotMigrated() throws Exception {
        JarCommand doctor = doctor(url());

        assertThat(doctor.status()).isZero();
        assertThat(doctor.finding("database"))
                .startsWith("OK spring.datasource.url")
                .contains(": PostgreSQL 18");
        assertThat(doctor.finding("database tables")).isEqualTo("OK none yet: the first start makes them");
        assertThat(doctor.finding("database writes")).startsWith("OK a commit takes ");
        assertThat(tables()).isZero();
    }

    @Test
    void database_ofThisVersion_isAsItShouldBe() throws Exception {
        migrate();

        assertThat(doctor(url()).finding("database tables")).endsWith(", as this version needs them");
    }

    @Test
    void database_ofAnOlderVersion_willBeMigratedByTheNextStart() throws Exception {
        migrate();
        execute("delete from flyway_schema_history where installed_rank >= 2");

        JarCommand doctor = doctor(url());

        assertThat(doctor.status()).isZero();
        assertThat(doctor.finding("database tables")).startsWith("WARN of version 1; the next start makes ");
    }

    @Test
    void database_ofANewerVersion_fails() throws Exception {
        migrate();
        execute("""
                insert into flyway_schema_history
                select 99, '999', 'of tomorrow', 'SQL', 'V999__of_tomorrow.sql', 1, 'me', now(), 1, true
                """);

        JarCommand doctor = doctor(url());

        assertThat(doctor.status()).isEqualTo(1);
        assertThat(doctor.finding("database tables"))
                .isEqualTo("FAIL of version 999, made by a newer Narwhal than this one");
    }

    @Test
    void database_whoseMigrationWasEdited_fails() throws Exception {
        migrate();
        execute("update flyway_schema_history set checksum = 4711 where version = '1'");

        JarCommand doctor = doctor(url());

        assertThat(doctor.status()).isEqualTo(1);
        assertThat(doctor.finding("database tables")).startsWith("FAIL ").contains("checksum");
    }

    @Test
    void database_thatTakesNoWrites_fails() throws Exception {
        JarCommand doctor = doctor(url() + "&options=-c%20default_transaction_read_only=on");

        assertThat(doctor.status()).isEqualTo(1);
        assertThat(doctor.finding("database writes")).startsWith("FAIL it takes no writes");
    }

    @Test
    void database_thatAcknowledgesBeforeItSyncs_isWarnedOf() throws Exception {
        JarCommand doctor = doctor(url() + "&options=-c%20synchronous_commit=off");

        assertThat(doctor.status()).isZero();
        assertThat(doctor.finding("database writes")).startsWith("WARN ").contains("synchronous_commit is off");
    }

    @Test
    void database_thatIsAway_fails() throws Exception {
        JarCommand doctor = doctor("jdbc:postgresql://127.0.0.1:1/narwhal?password=hunter2");

        assertThat(doctor.status()).isEqualTo(1);
        assertThat(doctor.finding("database"))
                .startsWith(
                        "FAIL the database that spring.datasource.url names, 'jdbc:postgresql://127.0.0.1:1/narwhal'");
        assertThat(doctor.out()).doesNotContain("hunter2");
    }

    @Test
    void database_ofAnotherMaker_fails() throws Exception {
        JarCommand doctor = doctor("jdbc:mysql://127.0.0.1:1/narwhal");

        assertThat(doctor.status()).isEqualTo(1);
        assertThat(doctor.finding("database")).startsWith("FAIL ").contains("jdbc:mysql://127.0.0.1:1/narwhal");
    }

    private JarCommand doctor(String url) throws Exception {
        return JarCommand.run(
                directory,
                "doctor",
                "--json",
                "--spring.datasource.url=" + url,
                "--spring.datasource.username=postgres",
                "--spring.datasource.password=postgres");
    }

    private static String url() {
        return postgres.getJdbcUrl("postgres", "postgres");
    }

    private static void migrate() {
        TestDatabase.postgres(url()).close();
    }

    private static void execute(String sql) throws SQLException {
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static int tables() throws SQLException {
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(
                        "select count(*) from information_schema.tables where table_schema = 'public'")) {
            rows.next();
            return rows.getInt(1);
        }
    }
}
