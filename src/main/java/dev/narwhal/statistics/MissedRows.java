package dev.narwhal.statistics;

import dev.narwhal.upload.Upload;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The table {@code statistics_missed}: uploads that the cursor does not meet. Either they were added behind it, or their rows
 * were removed before everything of them was counted. Few, unless the machine's clock was set back.
 */
final class MissedRows {

    /** @param upload its row; its last one if that is removed */
    record Missed(UploadFacts upload, Counted counted) {}

    private static final String INSERT_LATE = """
            insert into statistics_missed (volume, upload_id, created, finished, created_at)
            values (:volume, :id, false, false, :createdAt)
            """;

    private static final String INSERT_REMOVED = """
            insert into statistics_missed (volume, upload_id, created, finished, failed_at,
                owner, kind, "offset", state, created_at, updated_at, finished_at)
            values (:volume, :id, :created, :finished, :failedAt,
                :owner, :kind, :offset, :state, :createdAt, :updatedAt, :finishedAt)
            """;

    private static final String DELETE = "delete from statistics_missed where volume = :volume and upload_id = :id";

    private static final String IDS = "select upload_id from statistics_missed where volume = :volume";

    /** A removed upload has its row here, any other its own. Those before the cursor: it passes no others any more. */
    private static final String PAGE = """
            select m.upload_id, m.created, m.finished, m.failed_at, coalesce(u.owner, m.owner) as owner,
                coalesce(u.kind, m.kind) as kind, coalesce(u."offset", m."offset") as "offset",
                coalesce(u.state, m.state) as state, m.created_at, coalesce(u.updated_at, m.updated_at) as updated_at,
                coalesce(u.finished_at, m.finished_at) as finished_at, case when u.state = 'TERMINATED'
                    then (select d.delivered_at from delivery d where d.upload_id = m.upload_id) end as delivered_at
            from statistics_missed m left join upload u on u.id = m.upload_id
            where m.volume = :volume and m.created_at < :before and coalesce(u.state, m.state) is not null
            order by m.upload_id limit :page
            """;

    private final JdbcClient jdbc;

    MissedRows(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** An upload that is added behind the cursor, by the transaction in progress. */
    void addLate(Upload upload) {
        jdbc.sql(INSERT_LATE)
                .param("volume", upload.volume())
                .param("id", upload.id().value())
                .param("createdAt", OpenRows.timestamp(upload.createdAt()), Types.TIMESTAMP_WITH_TIMEZONE)
                .update();
    }

    /** An upload whose row the transaction in progress removes. */
    void addRemoved(Upload upload, Counted counted) {
        jdbc.sql(INSERT_REMOVED)
                .param("volume", upload.volume())
                .param("id", upload.id().value())
                .param("created", counted.created())
                .param("finished", counted.finished())
                .param("failedAt", OpenRows.timestamp(counted.failedAt()), Types.TIMESTAMP_WITH_TIMEZONE)
                .param("owner", upload.owner())
                .param("kind", upload.kind().name())
                .param("offset", upload.offset())
                .param("state", upload.state().name())
                .param("createdAt", OpenRows.timestamp(upload.createdAt()), Types.TIMESTAMP_WITH_TIMEZONE)
                .param("updatedAt", OpenRows.timestamp(upload.updatedAt()), Types.TIMESTAMP_WITH_TIMEZONE)
                .param("finishedAt", OpenRows.timestamp(upload.finishedAt()), Types.TIMESTAMP_WITH_TIMEZONE)
                .update();
    }

    /** @return false when it is not there: another transaction was faster */
    boolean remove(String volume, String upload) {
        return jdbc.sql(DELETE).param("volume", volume).param("id", upload).update() == 1;
    }

    Set<String> ids(String volume) {
        return new HashSet<>(
                jdbc.sql(IDS).param("volume", volume).query(String.class).list());
    }

    List<Missed> page(String volume, Instant before, int size) {
        return jdbc.sql(PAGE)
                .param("volume", volume)
                .param("before", OpenRows.timestamp(before), Types.TIMESTAMP_WITH_TIMEZONE)
                .param("page", size)
                .query(MissedRows::read)
                .list();
    }

    private static Missed read(ResultSet row, int number) throws SQLException {
        Counted counted = new Counted(
                row.getBoolean("created"), row.getBoolean("finished"), UploadFacts.instant(row, "failed_at"), false);
        return new Missed(UploadFacts.read(row), counted);
    }
}
