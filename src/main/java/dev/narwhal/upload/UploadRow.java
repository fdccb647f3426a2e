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

/** Writes an {@link Upload} to its columns and reads it from them; the same for both databases. */
final class UploadRow {

    /** The columns that {@link #read} reads. */
    static final String COLUMNS = """
            id, owner, kind, length, "offset", metadata, filename, content_type, state,
                created_at, updated_at, finished_at, expires_at, volume, lease_token, concat,
                credential, object_key, expire_after
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
                .addValue("concat", upload.concat(), Types.VARCHAR)
                .addValue("firstByteAt", timestamp(firstByteAt(upload)), Types.TIMESTAMP_WITH_TIMEZONE)
                .addValue("credential", upload.terms().credential(), Types.VARCHAR)
                .addValue("objectKey", upload.terms().objectKey(), Types.VARCHAR)
                .addValue("expireAfter", upload.terms().expireSeconds(), Types.BIGINT);
    }

    /** What a row without that time gets, now that this is written. A final has no bytes of its own. */
    private static @Nullable Instant firstByteAt(Upload upload) {
        return upload.offset() > 0 && upload.kind() != UploadKind.FINAL ? upload.updatedAt() : null;
    }

    static Upload read(ResultSet row, int number) throws SQLException {
        return new Upload(
                new UploadIdentity(
                        new UploadId(row.getString("id")),
                        row.getString("owner"),
                        UploadKind.valueOf(row.getString("kind")),
                        row.getString("volume"),
                        UploadTerms.of(
                                row.getString("credential"),
                                row.getString("object_key"),
                                row.getObject("expire_after", Long.class))),
                new UploadDescription(
                        row.getString("metadata"),
                        row.getString("filename"),
                        row.getString("content_type"),
                        row.getString("concat")),
                new UploadProgress(
                        row.getObject("length", Long.class), row.getLong("offset"), row.getLong("lease_token")),
                new UploadLifecycle(
                        UploadState.valueOf(row.getString("state")),
                        instant(row, "created_at"),
                        instant(row, "updated_at"),
                        nullableInstant(row, "finished_at"),
                        nullableInstant(row, "expires_at")));
    }

    static GrantedUpload readGranted(ResultSet row, int number) throws SQLException {
        return new GrantedUpload(read(row, number), row.getLong("granted"));
    }

    static @Nullable OffsetDateTime timestamp(@Nullable Instant time) {
        return time == null ? null : time.truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static @Nullable Instant nullableInstant(ResultSet row, String column) throws SQLException {
        @Nullable OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
