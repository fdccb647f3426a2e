package dev.narwhal.upload;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Rows counted and listed, to be compared with what is staged. Only reads; what it costs follows the uploads that are open. */
public class InventoryRepository {

    private static final String KNOWN = "select id from upload where id in (:ids)";

    /** By the index, which has them in this order. */
    static final String OPEN = "select " + UploadRow.COLUMNS + """
            from upload where state = :state and volume = :volume and id > :after
            order by state, volume, id fetch first :limit rows only
            """;

    /** A final has no file of its own. */
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
     * Uploads of a volume that are not over.
     *
     * @param receiving unfinished ones
     * @param bytes that have been received of those, and acknowledged
     * @param expired how many of the unfinished ones are past their time
     * @param finished how many wait for their delivery
     * @param failed how many deliveries were given up
     * @param elsewhere how many are on other volumes: another node's, or a disk that is not mounted
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

    /** Those of the ids that have a row, of whatever state and volume. One statement. */
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
     * Uploads of a volume in one of the states RECEIVING, FINISHED and FAILED, in the order of their ids. One statement.
     *
     * @param after where the list before ended; empty for the first
     * @param limit at least 1
     */
    public List<Upload> open(String volume, UploadState state, String after, int limit) {
        return jdbc.sql(OPEN)
                .param("volume", volume)
                .param("state", state.name())
                .param("after", after)
                .param("limit", limit)
                .query(UploadRow::read)
                .list();
    }
}
