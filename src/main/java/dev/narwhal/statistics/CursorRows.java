package dev.narwhal.statistics;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table {@code statistics_cursor}: one row a volume. Its lock orders what counts, and what removes rows of uploads. */
final class CursorRows {

    private static final String SELECT = """
            select created_at, upload_id from statistics_cursor where volume = :volume
            """;

    private static final String LOCK = SELECT + "for update";

    private static final String INSERT = """
            insert into statistics_cursor (volume, created_at, upload_id)
            select :volume, :at, '' where not exists (select 1 from statistics_cursor where volume = :volume)
            """;

    private static final String MOVE = """
            update statistics_cursor set created_at = :at, upload_id = :id where volume = :volume
            """;

    private final JdbcClient jdbc;

    CursorRows(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    Cursor read(String volume) {
        return select(SELECT, volume).orElse(Cursor.BEGINNING);
    }

    /** Waits for other transactions that have it locked. */
    Cursor lock(String volume) {
        return select(LOCK, volume).orElse(Cursor.BEGINNING);
    }

    private Optional<Cursor> select(String sql, String volume) {
        return jdbc.sql(sql).param("volume", volume).query(CursorRows::read).optional();
    }

    private static Cursor read(ResultSet row, int number) throws SQLException {
        return new Cursor(Objects.requireNonNull(UploadFacts.instant(row, "created_at")), row.getString("upload_id"));
    }

    /** The row of a volume that has none. */
    void add(String volume) {
        jdbc.sql(INSERT)
                .param("volume", volume)
                .param("at", Cursor.BEGINNING.createdAt().atOffset(ZoneOffset.UTC), Types.TIMESTAMP_WITH_TIMEZONE)
                .update();
    }

    void move(String volume, Cursor to) {
        jdbc.sql(MOVE)
                .param("volume", volume)
                .param("at", to.createdAt().atOffset(ZoneOffset.UTC), Types.TIMESTAMP_WITH_TIMEZONE)
                .param("id", to.upload())
                .update();
    }

    /** When the last upload was created that is counted; empty before the first. */
    Optional<Instant> newest() {
        return jdbc.sql("select max(created_at) as newest from statistics_cursor")
                .query((row, number) -> Optional.ofNullable(UploadFacts.instant(row, "newest")))
                .single()
                .filter(time -> time.isAfter(Cursor.BEGINNING.createdAt()));
    }
}
