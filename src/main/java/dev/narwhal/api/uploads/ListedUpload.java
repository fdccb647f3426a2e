package dev.narwhal.api.uploads;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.narwhal.upload.UploadKind;
import dev.narwhal.upload.UploadState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An upload in a list.
 *
 * @param length bytes; null while the client has not declared it
 * @param offset durable bytes
 * @param expiresAt when the upload expires if no byte comes; null when it cannot
 * @param metadata the header as the client sent it; not in the answer
 * @param delivery null while there is none
 */
record ListedUpload(
        String id,
        String owner,
        UploadKind kind,
        UploadState state,
        @Nullable String filename,
        @Nullable String contentType,
        @Nullable Long length,
        long offset,
        Instant createdAt,
        Instant updatedAt,
        @Nullable Instant finishedAt,
        @Nullable Instant expiresAt,
        @JsonIgnore @Nullable String metadata,
        @Nullable ListedDelivery delivery) {

    /**
     * The delivery of a listed upload.
     *
     * @param status PENDING, SENDING, COMPLETING, DELIVERED or FAILED
     * @param attempts that failed since the delivery was queued or retried
     * @param lastError of the last failed attempt; null after a success
     */
    record ListedDelivery(
            String destination,
            @Nullable String key,
            String status,
            int attempts,
            @Nullable String lastError,
            @Nullable Instant deliveredAt) {}

    static final String COLUMNS = """
            u.id, u.owner, u.kind, u.state, u.filename, u.content_type, u.length, u."offset", u.created_at, u.updated_at,
                u.finished_at, u.expires_at, u.metadata
            """;

    /** Without its delivery. */
    static ListedUpload read(ResultSet row, int number) throws SQLException {
        return new ListedUpload(
                row.getString("id"),
                row.getString("owner"),
                UploadKind.valueOf(row.getString("kind")),
                UploadState.valueOf(row.getString("state")),
                row.getString("filename"),
                row.getString("content_type"),
                row.getObject("length", Long.class),
                row.getLong("offset"),
                time(row, "created_at").orElseThrow(),
                time(row, "updated_at").orElseThrow(),
                time(row, "finished_at").orElse(null),
                time(row, "expires_at").orElse(null),
                row.getString("metadata"),
                null);
    }

    static ListedDelivery readDelivery(ResultSet row) throws SQLException {
        return new ListedDelivery(
                row.getString("destination"),
                row.getString("object_key"),
                row.getString("status"),
                row.getInt("attempts"),
                row.getString("last_error"),
                time(row, "delivered_at").orElse(null));
    }

    ListedUpload with(@Nullable ListedDelivery known) {
        return new ListedUpload(
                id,
                owner,
                kind,
                state,
                filename,
                contentType,
                length,
                offset,
                createdAt,
                updatedAt,
                finishedAt,
                expiresAt,
                metadata,
                known);
    }

    private static Optional<Instant> time(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getObject(column, OffsetDateTime.class)).map(OffsetDateTime::toInstant);
    }

    /** How complete it is, in millionths; -1 without a length. An empty upload is complete. */
    long progress() {
        if (length == null) {
            return -1;
        }
        return length == 0 ? 1_000_000 : (long) (offset * 1e6 / length);
    }

    long size() {
        return length == null ? -1 : length;
    }
}
