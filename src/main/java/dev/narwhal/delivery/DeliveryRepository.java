package dev.narwhal.delivery;

import dev.narwhal.database.RowCommitter;
import dev.narwhal.destination.DeliveryReceipt;
import dev.narwhal.destination.PartPlan;
import dev.narwhal.destination.SentPart;
import dev.narwhal.history.HistoryEntry;
import dev.narwhal.history.HistoryEvent;
import dev.narwhal.history.HistoryRows;
import dev.narwhal.upload.DeliveredLocations.DeliveredLocation;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadId;
import dev.narwhal.upload.UploadRepository;
import dev.narwhal.upload.UploadState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The tables {@code delivery} and {@code delivery_part}. Every change by an attempt compares the attempt's token; false or
 * empty means that another attempt has taken over. A change is durable when the method returns, unless the method says
 * otherwise.
 */
class DeliveryRepository {

    private static final int LONGEST_ERROR = 1000;

    private static final String INSERT = """
            insert into delivery (upload_id, destination, object_key, part_size, part_count, status,
                attempt_token, attempts, created_at, updated_at)
            select u.id, :destination, :key, :partSize, :partCount, 'PENDING', 0, 0, :now, :now from upload u
            where u.id = :id and not exists (select 1 from delivery d where d.upload_id = u.id)
            """;

    private static final String SELECT = """
            select upload_id, destination, object_key, multipart_id, part_size, status, attempt_token, attempts, sha256, delivered_at
            from delivery where upload_id = :id
            """;

    private static final String SELECT_LOCATION = """
            select destination, object_key from delivery where upload_id = :id and status = 'DELIVERED'
            """;

    private static final String SELECT_SHA256 =
            "select sha256 from delivery where upload_id = :id and sha256 is not null";

    private static final String BEGIN = """
            update delivery set attempt_token = :token + 1, status = 'SENDING', taken_by = null, taken_until = null, updated_at = :now
            where upload_id = :id and attempt_token = :token and status not in ('DELIVERED', 'FAILED')
            """;

    /** Keeps another attempt from beginning between the comparison of the token and the statements that depend on it. */
    private static final String LOCK_ATTEMPT = """
            update delivery set updated_at = :now
            where upload_id = :id and attempt_token = :token
            """;

    private static final String SET_RESUME_TOKEN = """
            update delivery set multipart_id = :resumeToken, updated_at = :now
            where upload_id = :id and attempt_token = :token
            """;

    private static final String RECORD_HANDLE = """
            update delivery set multipart_id = :handle, updated_at = :now where upload_id = :id and multipart_id is null
            """;

    private static final String SET_KEY = """
            update delivery set object_key = :key, multipart_id = null, updated_at = :now
            where upload_id = :id and attempt_token = :token
            """;

    private static final String COMPLETING = """
            update delivery set status = 'COMPLETING', multipart_id = coalesce(:resumeToken, multipart_id), updated_at = :now
            where upload_id = :id and attempt_token = :token
            """;

    private static final String DELIVERED = """
            update delivery set status = 'DELIVERED', object_key = :key, checksum = :checksum,
                checksum_kind = :checksumKind, sha256 = coalesce(:sha256, sha256), last_error = null, taken_by = null, taken_until = null,
                delivered_at = :now, updated_at = :now
            where upload_id = :id and attempt_token = :token
            """;

    private static final String SET_SHA256 = """
            update delivery set sha256 = :sha256, updated_at = :now
            where upload_id = :id and attempt_token = :token
            """;

    private static final String ATTEMPT_FAILED = """
            update delivery set status = :status, attempts = attempts + 1, last_error = :error, updated_at = :now
            where upload_id = :id and attempt_token = :token
            """;

    private static final String POSTPONED = """
            update delivery set status = 'PENDING', last_error = :error, updated_at = :now
            where upload_id = :id and attempt_token = :token
            """;

    private static final String AWAITING_BYTES = """
            update delivery set status = 'PENDING', last_error = null, updated_at = :now
            where upload_id = :id and attempt_token = :token
            """;

    private static final String RESET_ATTEMPTS = """
            update delivery set attempts = 0, updated_at = :now where upload_id = :id
            """;

    private static final String RETRY = """
            update delivery set status = 'PENDING', attempts = 0, sha256 = null, taken_by = null, taken_until = null,
                updated_at = :now
            where upload_id = :id and status = 'FAILED'
            """;

    private static final String DELETE = "delete from delivery where upload_id = :id and attempt_token = :token";

    private static final String REMOVE_DELIVERED =
            "delete from delivery where upload_id = :id and status = 'DELIVERED'";

    private final JdbcClient jdbc;
    private final RowCommitter committer;
    private final UploadRepository uploads;
    private final DeliveryParts parts;
    private final HistoryRows history;
    private final Clock clock;

    DeliveryRepository(JdbcClient jdbc, RowCommitter committer, UploadRepository uploads, Clock clock) {
        this.jdbc = jdbc;
        this.committer = committer;
        this.uploads = uploads;
        this.parts = new DeliveryParts(jdbc);
        this.history = new HistoryRows(jdbc);
        this.clock = clock;
    }

    /** Joins the transaction in progress, which holds the upload's row. An existing delivery stays as it is. */
    void insertIfAbsent(Upload upload, String destination, String key, PartPlan plan) {
        jdbc.sql(INSERT)
                .param("id", upload.id().value())
                .param("destination", destination)
                .param("key", key)
                .param("partSize", plan.partSize())
                .param("partCount", plan.partCount())
                .param("now", now())
                .update();
    }

    Optional<DeliveryRow> find(UploadId id) {
        return jdbc.sql(SELECT)
                .param("id", id.value())
                .query(DeliveryRepository::row)
                .optional();
    }

    List<SentPart> parts(UploadId id) {
        return parts.of(id);
    }

    /** The number of parts that the destination has acknowledged under the present resume token. */
    int countParts(UploadId id) {
        return parts.count(id);
    }

    /** The location of a delivered object. */
    Optional<DeliveredLocation> location(UploadId id) {
        return jdbc.sql(SELECT_LOCATION)
                .param("id", id.value())
                .query((rs, number) -> new DeliveredLocation(rs.getString("destination"), rs.getString("object_key")))
                .optional();
    }

    /** The SHA-256 of the whole file in hexadecimal digits; empty while it is not computed. */
    Optional<String> sha256(UploadId id) {
        return jdbc.sql(SELECT_SHA256)
                .param("id", id.value())
                .query(String.class)
                .optional();
    }

    /** @return the token of the new attempt; empty when another attempt has begun since the row was read */
    Optional<Long> beginAttempt(DeliveryRow row) {
        boolean begun = committer.commit(() -> update(BEGIN, row.id(), row.token()) == 1);
        return begun ? Optional.of(row.token() + 1) : Optional.empty();
    }

    boolean setResumeToken(UploadId id, long token, String resumeToken) {
        return committer.commit(() -> {
            boolean mine = statement(SET_RESUME_TOKEN, id, token)
                            .param("resumeToken", resumeToken)
                            .update()
                    == 1;
            return mine && parts.remove(id);
        });
    }

    boolean setKey(UploadId id, long token, String key) {
        return committer.commit(() -> {
            boolean mine = statement(SET_KEY, id, token).param("key", key).update() == 1;
            return mine && parts.remove(id);
        });
    }

    /** Not synced, because a large file has many parts: the next attempt sends again the parts whose rows a crash has lost. */
    boolean sent(UploadId id, long token, SentPart part) {
        return committer.commitLazily(() -> {
            if (update(LOCK_ATTEMPT, id, token) == 0) {
                return false;
            }
            parts.replace(id, part);
            return true;
        });
    }

    boolean completing(UploadId id, long token, @Nullable String resumeToken) {
        return committer.commit(() -> recordCompleting(id, token, resumeToken));
    }

    /** As {@link #completing}, but not synced: the staged file identifies the object, too. */
    boolean linking(UploadId id, long token, @Nullable String resumeToken) {
        return committer.commitLazily(() -> recordCompleting(id, token, resumeToken));
    }

    private boolean recordCompleting(UploadId id, long token, @Nullable String resumeToken) {
        return statement(COMPLETING, id, token)
                        .param("resumeToken", resumeToken)
                        .update()
                == 1;
    }

    /**
     * Records the object and moves the upload to DELIVERED, both or neither.
     *
     * @return false when another attempt has taken over, or the upload is no longer FINISHED
     */
    boolean delivered(UploadId id, long token, DeliveryReceipt receipt, @Nullable String sha256) {
        return uploads.moveState(
                id, UploadState.FINISHED, UploadState.DELIVERED, () -> recordDelivered(id, token, receipt, sha256));
    }

    /**
     * Joins the transaction in progress, which moves the upload to DELIVERED.
     *
     * @return false when another attempt has taken over
     */
    boolean recordDelivered(UploadId id, long token, DeliveryReceipt receipt, @Nullable String sha256) {
        return statement(DELIVERED, id, token)
                        .param("key", receipt.key())
                        .param("checksum", receipt.checksum())
                        .param("checksumKind", receipt.verifiedBy().name())
                        .param("sha256", sha256)
                        .update()
                == 1;
    }

    /**
     * Joins the transaction in progress. Records the handle that an attempt has not recorded, since it may have linked the
     * content's own file.
     */
    void recordHandle(UploadId id, String handle) {
        jdbc.sql(RECORD_HANDLE)
                .param("id", id.value())
                .param("handle", handle)
                .param("now", now())
                .update();
    }

    boolean setSha256(UploadId id, long token, String sha256) {
        return committer.commit(
                () -> statement(SET_SHA256, id, token).param("sha256", sha256).update() == 1);
    }

    /** Another attempt follows. */
    boolean attemptFailed(UploadId id, long token, String error) {
        HistoryEntry entry =
                HistoryEntry.of(HistoryEvent.ATTEMPT_FAILED, clock.instant()).because(error);
        return committer.commit(
                () -> history.addIf(attemptFailed(id, token, DeliveryStatus.PENDING, error), id, entry));
    }

    /** No part is being sent; another attempt follows when the client has sent more bytes. */
    boolean awaitingBytes(UploadId id, long token) {
        return committer.commit(() -> update(AWAITING_BYTES, id, token) == 1);
    }

    /**
     * Joins the transaction in progress: the upload is finished, and earlier failures no longer count.
     *
     * @return false when the upload has no delivery yet
     */
    boolean resetAttempts(UploadId id) {
        return jdbc.sql(RESET_ATTEMPTS)
                        .param("id", id.value())
                        .param("now", now())
                        .update()
                == 1;
    }

    /** Another attempt follows. The destination has failed and not the upload, so the attempt does not count. */
    boolean postponed(UploadId id, long token, String error) {
        return committer.commit(() ->
                statement(POSTPONED, id, token).param("error", storable(error)).update() == 1);
    }

    /** Gives the delivery up and moves the upload to FAILED, both or neither. No other attempt follows. */
    boolean failed(UploadId id, long token, String error) {
        return uploads.moveState(
                id,
                UploadState.FINISHED,
                UploadState.FAILED,
                () -> attemptFailed(id, token, DeliveryStatus.FAILED, error));
    }

    private boolean attemptFailed(UploadId id, long token, DeliveryStatus status, String error) {
        return statement(ATTEMPT_FAILED, id, token)
                        .param("status", status.name())
                        .param("error", storable(error))
                        .update()
                == 1;
    }

    /** PostgreSQL stores no NUL, but a store's error message may contain one. */
    private static String storable(String error) {
        String text = error.replace('\0', '?');
        return text.substring(0, Math.min(LONGEST_ERROR, text.length()));
    }

    /**
     * Moves a FAILED upload back to FINISHED, for a new delivery.
     *
     * @param actor who asked for it; null when that is not known
     * @return false when the upload is not FAILED
     */
    boolean retry(UploadId id, @Nullable String actor) {
        HistoryEntry entry =
                HistoryEntry.of(HistoryEvent.RETRIED, clock.instant()).by(actor);
        return uploads.moveState(id, UploadState.FAILED, UploadState.FINISHED, () -> {
            int rows =
                    jdbc.sql(RETRY).param("id", id.value()).param("now", now()).update();
            return history.addIf(rows == 1, id, entry);
        });
    }

    /** Removes the delivery once its destination has none of its parts left; removes the parts' rows, too. */
    void remove(DeliveryRow row) {
        var unused = committer.commit(() -> jdbc.sql(DELETE)
                .param("id", row.id().value())
                .param("token", row.token())
                .update());
    }

    /**
     * Joins the transaction in progress. The object stays at the destination, without a row.
     *
     * @return false when the upload has not been delivered, since parts of it may be at the destination; nothing is removed
     *     then
     */
    boolean removeDelivery(UploadId id) {
        if (find(id).filter(row -> row.status() != DeliveryStatus.DELIVERED).isPresent()) {
            return false;
        }
        jdbc.sql(REMOVE_DELIVERED).param("id", id.value()).update();
        return true;
    }

    private int update(String sql, UploadId id, long token) {
        return statement(sql, id, token).update();
    }

    private JdbcClient.StatementSpec statement(String sql, UploadId id, long token) {
        return jdbc.sql(sql).param("id", id.value()).param("token", token).param("now", now());
    }

    private OffsetDateTime now() {
        return clock.instant().atOffset(ZoneOffset.UTC);
    }

    private static DeliveryRow row(ResultSet rs, int number) throws SQLException {
        OffsetDateTime deliveredAt = rs.getObject("delivered_at", OffsetDateTime.class);
        Instant instant = deliveredAt == null ? null : deliveredAt.toInstant();
        return new DeliveryRow(
                new UploadId(rs.getString("upload_id")),
                rs.getString("destination"),
                rs.getString("object_key"),
                rs.getString("multipart_id"),
                rs.getLong("part_size"),
                DeliveryStatus.valueOf(rs.getString("status")),
                rs.getLong("attempt_token"),
                rs.getInt("attempts"),
                rs.getString("sha256"),
                instant);
    }
}
