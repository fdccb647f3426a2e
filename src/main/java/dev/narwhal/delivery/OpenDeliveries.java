package dev.narwhal.delivery;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Lists the undelivered uploads of all servers on this database, for operators. */
final class OpenDeliveries {

    static final int MOST = 1_000;

    private static final String COLUMNS = """
            select d.upload_id, u.filename, u.length, u."offset" as received, u.state, d.destination, d.object_key, d.status,
                d.attempts, d.last_error, d.updated_at
            from delivery d join upload u on u.id = d.upload_id
            """;

    private static final String SELECT = COLUMNS + """
            where u.state in ('RECEIVING', 'FINISHED', 'FAILED', 'TERMINATED', 'EXPIRED')
                and d.delivered_at is null and d.status = :status order by d.created_at, d.upload_id limit :most
            """;

    private static final String SELECT_ONE = COLUMNS + """
            where d.upload_id = :id
            """;

    private final JdbcClient jdbc;

    OpenDeliveries(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * A delivery and its upload, as their rows say.
     *
     * @param received durable bytes of the upload; less than its length while it is sent ahead
     * @param state the upload's
     * @param status the delivery's own
     * @param attempts failed attempts since the delivery was queued or retried
     * @param lastError of the last failed attempt; null when none has failed
     * @param changed when the delivery's row last changed
     */
    record OpenDelivery(
            String upload,
            @Nullable String filename,
            @Nullable Long length,
            long received,
            String state,
            String destination,
            String key,
            String status,
            int attempts,
            @Nullable String lastError,
            Instant changed) {

        static OpenDelivery read(ResultSet row, int number) throws SQLException {
            long length = row.getLong("length");
            return new OpenDelivery(
                    row.getString("upload_id"),
                    row.getString("filename"),
                    row.wasNull() ? null : length,
                    row.getLong("received"),
                    row.getString("state"),
                    row.getString("destination"),
                    row.getString("object_key"),
                    row.getString("status"),
                    row.getInt("attempts"),
                    row.getString("last_error"),
                    row.getObject("updated_at", OffsetDateTime.class).toInstant());
        }
    }

    /** The oldest first, at most {@link #MOST}. */
    List<OpenDelivery> with(DeliveryStatus status) {
        return jdbc.sql(SELECT)
                .param("status", status.name())
                .param("most", MOST)
                .query(OpenDelivery::read)
                .list();
    }

    /** Also finds delivered uploads. */
    Optional<OpenDelivery> find(String upload) {
        return jdbc.sql(SELECT_ONE)
                .param("id", upload)
                .query(OpenDelivery::read)
                .optional();
    }
}
