package dev.narwhal.upload;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;

/** How an {@link Upload} is written to its columns and read from them; the same for both databases. */
final class UploadRow {

    /** PostgreSQL's text cannot hold it. Only decoded texts can have it, and the metadata keeps what was sent. */
    private static final char NUL = '\0';

    private static final char REPLACEMENT = '\uFFFD';

    /** What {@link #read} reads. */
    static final String COLUMNS = """
            id, owner, kind, length, "offset", metadata, filename, content_type, state,
                created_at, updated_at, finished_at, expires_at, volume, lease_token, concat
            """;

    private UploadRow() {}

    static MapSqlParameterSource parameters(Upload upload) {
        return new MapSqlParameterSource()
                .addValue("id", upload.id().value())
                .addValue("owner", upload.owner())
                .addValue("kind", upload.kind().name())
                .addValue("length", upload.length(), Types.BIGINT)
                .addValue("offset", upload.offset())
                .addValue("metadata", upload.metadata(), Types.VARCHAR)
                .addValue("filename", upload.filename(), Types.VARCHAR)
                .addValue("contentType", upload.contentType(), Types.VARCHAR)
                .addValue("state", upload.state().name())
                .addValue("createdAt", timestamp(upload.createdAt()), Types.TIMESTAMP_WITH_TIMEZONE)
                .addValue("updatedAt", timestamp(upload.updatedAt()), Types.TIMESTAMP_WITH_TIMEZONE)
                .addValue("finishedAt", timestamp(upload.finishedAt()), Types.TIMESTAMP_WITH_TIMEZONE)
                .addValue("expiresAt", timestamp(upload.expiresAt()), Types.TIMESTAMP_WITH_TIMEZONE)
                .addValue("volume", upload.volume())
                .addValue("leaseToken", upload.leaseToken())
                .addValue("concat", upload.concat(), Types.VARCHAR);
    }

    static Upload read(ResultSet row, int number) throws SQLException {
        return new Upload(
                new UploadId(row.getString("id")),
                row.getString("owner"),
                UploadKind.valueOf(row.getString("kind")),
                row.getObject("length", Long.class),
                row.getLong("offset"),
                row.getString("metadata"),
                row.getString("filename"),
                row.getString("content_type"),
                UploadState.valueOf(row.getString("state")),
                instant(row, "created_at"),
                instant(row, "updated_at"),
                nullableInstant(row, "finished_at"),
                nullableInstant(row, "expires_at"),
                row.getString("volume"),
                row.getLong("lease_token"),
                row.getString("concat"));
    }

    static GrantedUpload readGranted(ResultSet row, int number) throws SQLException {
        return new GrantedUpload(read(row, number), row.getLong("granted"));
    }

    /** Microseconds, the precision of both databases; cut off and not rounded, so that nothing is stored as of later. */
    static Instant stored(Instant time) {
        return time.truncatedTo(ChronoUnit.MICROS);
    }

    /** The row as it will be read back. */
    static Upload stored(Upload upload) {
        return new Upload(
                upload.id(),
                upload.owner(),
                upload.kind(),
                upload.length(),
                upload.offset(),
                upload.metadata(),
                withoutNul(upload.filename()),
                withoutNul(upload.contentType()),
                upload.state(),
                stored(upload.createdAt()),
                stored(upload.updatedAt()),
                upload.finishedAt() == null ? null : stored(upload.finishedAt()),
                upload.expiresAt(),
                upload.volume(),
                upload.leaseToken(),
                upload.concat());
    }

    static @Nullable OffsetDateTime timestamp(@Nullable Instant time) {
        return time == null ? null : stored(time).atOffset(ZoneOffset.UTC);
    }

    private static @Nullable String withoutNul(@Nullable String text) {
        return text == null ? null : text.replace(NUL, REPLACEMENT);
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static @Nullable Instant nullableInstant(ResultSet row, String column) throws SQLException {
        @Nullable OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
