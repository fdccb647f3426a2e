package dev.narwhal.statistics;

import dev.narwhal.upload.UploadKind;
import dev.narwhal.upload.UploadState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The columns of an upload that the statistics read.
 *
 * @param updatedAt when the upload got its state, unless it is being received
 * @param deliveredAt of a terminated upload that was delivered before; else null
 */
record UploadFacts(
        String id,
        String owner,
        UploadKind kind,
        long offset,
        UploadState state,
        Instant createdAt,
        Instant updatedAt,
        @Nullable Instant finishedAt,
        @Nullable Instant deliveredAt) {

    /** To be selected from a row {@code u} with the columns of {@code upload}. */
    static final String COLUMNS = """
            u.owner, u.kind, u."offset", u.state, u.created_at, u.updated_at, u.finished_at
            """;

    static UploadFacts read(ResultSet row) throws SQLException {
        UploadState state = UploadState.valueOf(row.getString("state"));
        Instant updated = Objects.requireNonNull(instant(row, "updated_at"));
        return new UploadFacts(
                row.getString("upload_id"),
                row.getString("owner"),
                UploadKind.valueOf(row.getString("kind")),
                row.getLong("offset"),
                state,
                Objects.requireNonNull(instant(row, "created_at")),
                updated,
                instant(row, "finished_at"),
                state == UploadState.DELIVERED ? updated : instant(row, "delivered_at"));
    }

    static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        @Nullable OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    /**
     * Adds what is new of the upload.
     *
     * @param before what is counted already
     * @return what is counted then
     */
    Counted countInto(Tally tally, Counted before) {
        if (!before.created()) {
            tally.add(owner, createdAt, Measure.CREATED, 1);
        }
        if (!before.finished() && finishedAt != null) {
            countFinish(tally, finishedAt);
        }
        boolean finished = before.finished() || finishedAt != null;
        @Nullable Instant failedAt = failure(tally, before.failedAt());
        return new Counted(true, finished, failedAt, countEnd(tally, failedAt != null));
    }

    private void countFinish(Tally tally, Instant at) {
        tally.add(owner, at, Measure.FINISHED, 1);
        tally.add(owner, at, Measure.RECEIVED_BYTES, offset);
        tally.add(owner, at, Measure.ofSize(offset), 1);
        if (kind == UploadKind.WHOLE) {
            tally.add(owner, at, Measure.TIMED_BYTES, offset);
            tally.add(
                    owner,
                    at,
                    Measure.TIMED_MILLIS,
                    Math.max(1, Duration.between(createdAt, at).toMillis()));
        }
    }

    /** A failure remains the outcome of an upload that somebody deletes then. */
    private @Nullable Instant failure(Tally tally, @Nullable Instant before) {
        @Nullable
        Instant now = switch (state) {
            case FAILED -> updatedAt;
            case TERMINATED -> deliveredAt == null ? before : null;
            case RECEIVING, FINISHED, DELIVERED, EXPIRED -> null;
        };
        if (!Objects.equals(now, before)) {
            if (before != null) {
                tally.add(owner, before, Measure.FAILED, -1);
            }
            if (now != null) {
                tally.add(owner, now, Measure.FAILED, 1);
            }
        }
        return now;
    }

    private boolean countEnd(Tally tally, boolean failed) {
        if (deliveredAt != null) {
            tally.add(owner, deliveredAt, Measure.DELIVERED, 1);
            tally.add(owner, deliveredAt, Measure.DELIVERED_BYTES, offset);
            return true;
        }
        if (state.isLive()) {
            return false;
        }
        if (!failed) {
            tally.add(owner, updatedAt, state == UploadState.EXPIRED ? Measure.EXPIRED : Measure.TERMINATED, 1);
        }
        if (finishedAt == null) {
            tally.add(owner, updatedAt, Measure.RECEIVED_BYTES, offset);
        }
        return true;
    }
}
