package dev.narwhal.api.uploads;

import dev.narwhal.history.HistoryRows;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads everything about one upload: one statement for each table, and none inside a transaction. */
class UploadDetails {

    /** Parts, partials and finals in one answer. */
    static final int MOST = 10_000;

    private static final String DELIVERY = """
            select destination, object_key, status, attempts, last_error, checksum, checksum_kind, sha256, part_size, part_count,
                created_at, updated_at, delivered_at
            from delivery where upload_id = :id
            """;

    private static final String PARTS = """
            select number, size, etag, checksum from delivery_part where upload_id = :id order by number
            fetch first :most rows only
            """;

    private static final String PARTIALS = """
            select u.id, u.state, u.length, u."offset" from upload_part p join upload u on u.id = p.partial_id
            where p.final_id = :id order by p.position fetch first :most rows only
            """;

    private static final String FINALS = """
            select distinct u.id, u.state, u.length, u."offset" from upload_part p join upload u on u.id = p.final_id
            where p.partial_id = :id order by u.id fetch first :most rows only
            """;

    private static final String FIRST_BYTE = """
            select first_byte_at from upload where id = :id and first_byte_at is not null
            """;

    private final JdbcClient jdbc;
    private final HistoryRows history;

    UploadDetails(JdbcClient jdbc, HistoryRows history) {
        this.jdbc = jdbc;
        this.history = history;
    }

    UploadDetail of(Upload upload) {
        UploadId id = upload.id();
        @Nullable DeliveryDetail delivery = delivery(id).orElse(null);
        return UploadDetail.of(
                upload,
                delivery,
                linked(PARTIALS, id),
                linked(FINALS, id),
                Timeline.of(upload, firstByteAt(id), delivery, history.of(id)));
    }

    private @Nullable Instant firstByteAt(UploadId id) {
        return jdbc.sql(FIRST_BYTE)
                .param("id", id.value())
                .query((row, number) ->
                        row.getObject("first_byte_at", OffsetDateTime.class).toInstant())
                .optional()
                .orElse(null);
    }

    private Optional<DeliveryDetail> delivery(UploadId id) {
        List<DeliveryDetail.Part> parts = jdbc.sql(PARTS)
                .param("id", id.value())
                .param("most", MOST)
                .query((row, number) -> new DeliveryDetail.Part(
                        row.getInt("number"), row.getLong("size"), row.getString("etag"), row.getString("checksum")))
                .list();
        return jdbc.sql(DELIVERY)
                .param("id", id.value())
                .query((row, number) -> delivery(row, parts))
                .optional();
    }

    private static DeliveryDetail delivery(ResultSet row, List<DeliveryDetail.Part> parts) throws SQLException {
        return new DeliveryDetail(
                row.getString("destination"),
                row.getString("object_key"),
                row.getString("status"),
                row.getInt("attempts"),
                row.getString("last_error"),
                row.getString("checksum"),
                row.getString("checksum_kind"),
                row.getString("sha256"),
                row.getObject("part_size", Long.class),
                row.getObject("part_count", Integer.class),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getObject("updated_at", OffsetDateTime.class).toInstant(),
                deliveredAt(row),
                parts);
    }

    private static @Nullable Instant deliveredAt(ResultSet row) throws SQLException {
        @Nullable OffsetDateTime time = row.getObject("delivered_at", OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    private List<UploadDetail.Linked> linked(String sql, UploadId id) {
        return jdbc.sql(sql)
                .param("id", id.value())
                .param("most", MOST)
                .query((row, number) -> new UploadDetail.Linked(
                        row.getString("id"),
                        row.getString("state"),
                        row.getObject("length", Long.class),
                        row.getLong("offset")))
                .list();
    }
}
