package dev.narwhal.statistics;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table {@code statistics_open}: counted uploads that have not ended, and what of them is counted. */
final class OpenRows {

    /** A row, with its upload as it is now. */
    record Open(UploadFacts upload, Counted counted) {}

    private static final String INSERT = """
            insert into statistics_open (volume, upload_id, finished, failed_at) values (:volume, :id, :finished, :failedAt)
            """;

    /** Rows of one statement. */
    private static final int TOGETHER = 64;

    private static final String INSERT_TOGETHER = "insert into statistics_open (volume, upload_id, finished) values "
            + IntStream.range(0, TOGETHER)
                    .mapToObj(row -> "(:volume, :id" + row + ", :finished)")
                    .collect(Collectors.joining(", "));

    private static final String PAGE = "select u.id as upload_id, " + UploadFacts.COLUMNS + """
            , o.finished, o.failed_at, case when u.state = 'TERMINATED'
                then (select d.delivered_at from delivery d where d.upload_id = u.id) end as delivered_at
            from statistics_open o join upload u on u.id = o.upload_id
            where o.volume = :volume and o.upload_id > :after order by o.upload_id limit :page
            """;

    private static final String ONE = """
            select finished, failed_at from statistics_open where volume = :volume and upload_id = :id
            """;

    private static final String DELETE = """
            delete from statistics_open where volume = :volume and upload_id = :id and finished = :finished
                and failed_at is not distinct from :failedAt
            """;

    private final JdbcClient jdbc;

    OpenRows(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    List<Open> page(String volume, String after, int size) {
        return jdbc.sql(PAGE)
                .param("volume", volume)
                .param("after", after)
                .param("page", size)
                .query((row, number) -> new Open(UploadFacts.read(row), counted(row)))
                .list();
    }

    Optional<Counted> find(String volume, String upload) {
        return jdbc.sql(ONE)
                .param("volume", volume)
                .param("id", upload)
                .query((row, number) -> counted(row))
                .optional();
    }

    private static Counted counted(ResultSet row) throws SQLException {
        return new Counted(true, row.getBoolean("finished"), UploadFacts.instant(row, "failed_at"), false);
    }

    void add(String volume, String upload, Counted counted) {
        statement(INSERT, volume, upload, counted).update();
    }

    /** As {@link #add}, for uploads that have not failed, in few statements. */
    void addAll(String volume, List<String> uploads, boolean finished) {
        int added = 0;
        for (; added + TOGETHER <= uploads.size(); added += TOGETHER) {
            JdbcClient.StatementSpec statement =
                    jdbc.sql(INSERT_TOGETHER).param("volume", volume).param("finished", finished);
            for (int row = 0; row < TOGETHER; row++) {
                statement = statement.param("id" + row, uploads.get(added + row));
            }
            statement.update();
        }
        for (String upload : uploads.subList(added, uploads.size())) {
            add(volume, upload, new Counted(true, finished, null, false));
        }
    }

    /** @return false when there is no row that says so: another transaction was faster */
    boolean remove(String volume, String upload, Counted counted) {
        return statement(DELETE, volume, upload, counted).update() == 1;
    }

    private JdbcClient.StatementSpec statement(String sql, String volume, String upload, Counted counted) {
        return jdbc.sql(sql)
                .param("volume", volume)
                .param("id", upload)
                .param("finished", counted.finished())
                .param("failedAt", timestamp(counted.failedAt()), Types.TIMESTAMP_WITH_TIMEZONE);
    }

    static @Nullable OffsetDateTime timestamp(@Nullable Instant time) {
        return time == null ? null : time.atOffset(ZoneOffset.UTC);
    }
}
