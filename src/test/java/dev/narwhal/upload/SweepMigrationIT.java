package dev.narwhal.upload;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * The migrations on a database that has rows. V2 and V3: each row is found by the next sweep that has something to do with it. V4: no
 * lease token is given twice.
 */
class SweepMigrationIT {

    private static final OffsetDateTime UPDATED =
            Instant.parse("2026-03-01T10:00:00Z").atOffset(ZoneOffset.UTC);
    private static final OffsetDateTime EXPIRES = UPDATED.plusDays(1);

    @Test
    void v2_onH2_fillsWhenEachRowIsLookedAt(@TempDir Path directory) {
        fillsWhenEachRowIsLookedAt(
                new DriverManagerDataSource("jdbc:h2:" + directory.resolve("migrated"), "narwhal", ""), "h2");
    }

    @Test
    void v2_onPostgres_fillsWhenEachRowIsLookedAt() throws IOException {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.builder().start()) {
            fillsWhenEachRowIsLookedAt(postgres.getPostgresDatabase(), "postgresql");
        }
    }

    private static void fillsWhenEachRowIsLookedAt(DataSource dataSource, String vendor) {
        migrate(dataSource, vendor, "1");
        JdbcClient jdbc = JdbcClient.create(dataSource);
        Map<UploadId, @Nullable Instant> expected = new LinkedHashMap<>();
        expected.put(insert(jdbc, UploadKind.WHOLE, UploadState.RECEIVING, EXPIRES), EXPIRES.toInstant());
        expected.put(insert(jdbc, UploadKind.PARTIAL, UploadState.FINISHED, EXPIRES), EXPIRES.toInstant());
        expected.put(insert(jdbc, UploadKind.WHOLE, UploadState.FINISHED, null), null);
        expected.put(insert(jdbc, UploadKind.WHOLE, UploadState.DELIVERED, null), null);
        expected.put(insert(jdbc, UploadKind.WHOLE, UploadState.TERMINATED, null), UPDATED.toInstant());
        expected.put(insert(jdbc, UploadKind.WHOLE, UploadState.EXPIRED, null), UPDATED.toInstant());

        migrate(dataSource, vendor, "2");

        expected.forEach((id, time) -> assertThat(sweepAt(jdbc, id)).isEqualTo(time));
        UploadId delivered = expected.keySet().stream().skip(3).findFirst().orElseThrow();
        jdbc.sql("update upload set sweep_at = null where state = 'EXPIRED'").update();

        migrate(dataSource, vendor, "3");

        expected.put(delivered, UPDATED.toInstant());
        expected.forEach((id, time) -> assertThat(sweepAt(jdbc, id)).isEqualTo(time));

        jdbc.sql("update upload set lease_token = 4711 where state = 'DELIVERED'")
                .update();
        migrate(dataSource, vendor, "4");

        assertThat(jdbc.sql("select nextval('lease_token')").query(Long.class).single())
                .as("none that a row has")
                .isEqualTo(4712);
    }

    private static void migrate(DataSource dataSource, String vendor, String target) {
        Flyway.configure()
                .dataSource(dataSource)
                .locations("classpath:db/migration/" + vendor)
                .target(target)
                .load()
                .migrate();
    }

    private static UploadId insert(
            JdbcClient jdbc, UploadKind kind, UploadState state, @Nullable OffsetDateTime expires) {
        UploadId id = UploadId.random();
        jdbc.sql("""
                        insert into upload (id, owner, kind, length, "offset", state, created_at, updated_at,
                            finished_at, expires_at, volume, lease_token)
                        values (:id, '', :kind, 10, :offset, :state, :updated, :updated, :finished, :expires, 'volume', 0)
                        """)
                .param("id", id.value())
                .param("kind", kind.name())
                .param("offset", state.isComplete() ? 10 : 0)
                .param("state", state.name())
                .param("updated", UPDATED)
                .param("finished", state.isComplete() ? UPDATED : null, Types.TIMESTAMP_WITH_TIMEZONE)
                .param("expires", expires, Types.TIMESTAMP_WITH_TIMEZONE)
                .update();
        return id;
    }

    private static @Nullable Instant sweepAt(JdbcClient jdbc, UploadId id) {
        @Nullable
        OffsetDateTime time = jdbc.sql("select sweep_at from upload where id = ?")
                .param(id.value())
                .query((row, number) -> row.getObject(1, OffsetDateTime.class))
                .list()
                .getFirst();
        return time == null ? null : time.toInstant();
    }
}
