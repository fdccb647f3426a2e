package dev.narwhal.upload;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Counts and lists rows, for the comparison with the staged files. Only reads. The cost follows the number of open uploads. */
public class InventoryRepository {

    private static final String KNOWN = "select id from upload where id in (:ids)";

    /** Sorted as the index is. */
    static final String OPEN = "select " + UploadRow.COLUMNS + """
            from upload where state = :state and volume = :volume
                and created_at >= :createdAt and (created_at > :createdAt or id > :id)
            order by state, volume, created_at, id fetch first :limit rows only
            """;

    /** Before every upload. */
    private static final OffsetDateTime LONG_AGO = OffsetDateTime.parse("0001-01-01T00:00:00Z");

    /** The sum of bytes leaves out finals: a final has no file of its own. */
    static final String SUMMARY = """
            select
                count(case when state = 'RECEIVING' then 1 end) as receiving,
                sum(case when state = 'RECEIVING' and kind <> 'FINAL' then "offset" end) as bytes,
                count(case when state = 'RECEIVING' and expires_at <= :now then 1 end) as expired,
                count(case when state = 'FINISHED' and kind <> 'PARTIAL' then 1 end) as finished,
                count(case when state = 'FAILED' then 1 end) as failed
            from upload where state in ('RECEIVING', 'FINISHED', 'FAILED') and volume = :volume
            """;

    static final String ELSEWHERE = """
            select count(*) from upload
            where state in ('RECEIVING', 'FINISHED', 'FAILED') and volume <> :volume
            """;

    private final JdbcClient jdbc;

    public InventoryRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * The open uploads of a volume.
     *
     * @param receiving the number of unfinished uploads
     * @param bytes durable and acknowledged bytes of the unfinished uploads
     * @param expired the number of unfinished uploads past their expiry
     * @param finished the number of uploads that wait for their delivery
     * @param failed the number of deliveries that were given up
     * @param elsewhere the number of open uploads on other volumes: another node's, or a disk that is not mounted
     */
    public record Summary(long receiving, long bytes, long expired, long finished, long failed, long elsewhere) {}

    /** Two statements, each over the open uploads alone. */
    public Summary summary(String volume, Instant now) {
        long elsewhere =
                jdbc.sql(ELSEWHERE).param("volume", volume).query(Long.class).single();
        return jdbc.sql(SUMMARY)
                .param("volume", volume)
                .param("now", UploadRow.timestamp(now), Types.TIMESTAMP_WITH_TIMEZONE)
                .query((row, number) -> summary(row, elsewhere))
                .single();
    }

    private static Summary summary(ResultSet row, long elsewhere) throws SQLException {
        return new Summary(
                row.getLong("receiving"),
                row.getLong("bytes"),
                row.getLong("expired"),
                row.getLong("finished"),
                row.getLong("failed"),
                elsewhere);
    }

    /** The ids that have a row, in whatever state and on whatever volume. One statement. */
    public Set<UploadId> known(Collection<UploadId> ids) {
        if (ids.isEmpty()) {
            return Set.of();
        }
        return new HashSet<>(jdbc.sql(KNOWN)
                .param("ids", ids.stream().map(UploadId::value).toList())
                .query((row, number) -> new UploadId(row.getString("id")))
                .list());
    }

    /**
     * The uploads of a volume in one of the states RECEIVING, FINISHED and FAILED, the oldest first. One statement.
     *
     * @param after the last upload of the previous page; null for the first page
     * @param limit at least 1
     */
    public List<Upload> open(String volume, UploadState state, @Nullable Upload after, int limit) {
        return jdbc.sql(OPEN)
                .param("volume", volume)
                .param("state", state.name())
                .param(
                        "createdAt",
                        after == null ? LONG_AGO : UploadRow.timestamp(after.createdAt()),
                        Types.TIMESTAMP_WITH_TIMEZONE)
                .param("id", after == null ? "" : after.id().value())
                .param("limit", limit)
                .query(UploadRow::read)
                .list();
    }
}
