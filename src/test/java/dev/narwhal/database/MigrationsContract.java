package dev.narwhal.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What a start does to a database, whichever migrations it has seen. */
abstract class MigrationsContract {

    @SuppressWarnings("NullAway.Init")
    private DataSource database;

    @SuppressWarnings("NullAway.Init")
    private JdbcClient jdbc;

    /** One without tables. */
    abstract DataSource emptyDatabase() throws Exception;

    @BeforeEach
    void connect() throws Exception {
        database = emptyDatabase();
        jdbc = JdbcClient.create(database);
    }

    /** Returns whether Flyway was asked. */
    private boolean migrate() {
        return new Migrations(database).migrate();
    }

    @Test
    void secondStart_doesNotAskFlyway() {
        assertThat(migrate()).isTrue();
        assertThat(migrate()).isFalse();
        assertThat(jdbc.sql("select count(*) from upload").query(Long.class).single())
                .isZero();
    }

    @Test
    void missingMigration_isApplied() {
        Flyway.configure()
                .dataSource(database)
                .locations(
                        "classpath:db/migration/" + DatabaseProduct.of(database).directory())
                .target("1")
                .load()
                .migrate();

        assertThat(migrate()).isTrue();
        assertThat(newest()).isNotEqualTo("V1__uploads_deliveries_and_tasks.sql");
    }

    @Test
    void changedMigration_stopsTheStart() {
        migrate();
        change("\"checksum\" = \"checksum\" + 1");

        assertThatThrownBy(this::migrate).isInstanceOf(FlywayException.class).hasMessageContaining("checksum");
    }

    @Test
    void failedMigration_stopsTheStart() {
        migrate();
        change("\"success\" = false");

        assertThatThrownBy(this::migrate).isInstanceOf(FlywayException.class).hasMessageContaining("failed");
    }

    @Test
    void migrationOfANewerVersion_isLeftToFlyway() {
        migrate();
        jdbc.sql("""
                        insert into "flyway_schema_history" ("installed_rank", "version", "description", "type", "script",
                            "checksum", "installed_by", "execution_time", "success")
                        values (99, '999', 'later', 'SQL', 'V999__later.sql', 1, 'test', 1, true)
                        """).update();

        assertThat(migrate()).isTrue();
    }

    private void change(String assignment) {
        jdbc.sql("update \"flyway_schema_history\" set " + assignment + " where \"script\" = ?")
                .param(newest())
                .update();
    }

    private String newest() {
        return jdbc.sql("select \"script\" from \"flyway_schema_history\" order by \"installed_rank\" desc limit 1")
                .query(String.class)
                .single();
    }
}
