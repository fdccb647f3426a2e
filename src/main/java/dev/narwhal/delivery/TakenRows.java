package dev.narwhal.delivery;

import dev.narwhal.database.RowCommitter;
import dev.narwhal.destination.DeliveryReceipt;
import dev.narwhal.destination.DeliveryReceipt.Verification;
import dev.narwhal.destination.PartPlan;
import dev.narwhal.upload.IdList;
import dev.narwhal.upload.UploadId;
import dev.narwhal.upload.UploadRepository;
import dev.narwhal.upload.UploadState;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The rows of deliveries that a process has taken (the columns {@code taken_by} and {@code taken_until}). */
final class TakenRows {

    /** The token of a taken delivery's attempt. A later attempt has a higher one. */
    static final long TOKEN = 1;

    private static final String INSERT = """
            insert into delivery (upload_id, destination, object_key, part_size, part_count, status,
                attempt_token, attempts, created_at, updated_at, taken_by, taken_until)
            values (:id, :destination, :key, :partSize, :partCount, 'SENDING', 1, 0, :now, :now, :process, :until)
            """;

    private static final String RENEW = """
            update delivery set taken_until = :until
            where upload_id in (:ids) and attempt_token = 1 and taken_by = :process
            """;

    private static final String RELEASE = """
            update delivery set status = 'PENDING', taken_by = null, taken_until = null, updated_at = :now
            where upload_id = :id and attempt_token = 1 and taken_by = :process
                and status in ('PENDING', 'SENDING', 'COMPLETING')
            """;

    private static final String RELEASE_FROM_ANYBODY = """
            update delivery set status = 'PENDING', taken_by = null, taken_until = null, updated_at = :now
            where upload_id = :id and taken_by is not null
            """;

    /** Files under their first key that need no checksum. */
    private static final String DELIVERED = """
            update delivery set status = 'DELIVERED', checksum_kind = 'SAME_FILE', last_error = null,
                taken_by = null, taken_until = null, delivered_at = :now, updated_at = :now
            where upload_id in (:ids) and attempt_token = 1 and taken_by = :process
            """;

    /** Reads only the finished uploads, through the index upload_open_idx. */
    private static final String EXPIRED = """
            select d.upload_id from delivery d join upload u on u.id = d.upload_id
            where d.destination in (:destinations) and d.status in ('PENDING', 'SENDING', 'COMPLETING')
                and d.delivered_at is null and d.taken_until < :now
                and u.state = 'FINISHED' and u.volume = :volume
            order by d.upload_id limit 1000
            """;

    private final JdbcClient jdbc;
    private final RowCommitter committer;
    private final UploadRepository uploads;
    private final DeliveryRepository deliveries;
    private final long process;
    private final Clock clock;

    /** @param process the incarnation of this process */
    TakenRows(
            JdbcClient jdbc,
            RowCommitter committer,
            UploadRepository uploads,
            DeliveryRepository deliveries,
            long process,
            Clock clock) {
        this.jdbc = jdbc;
        this.committer = committer;
        this.uploads = uploads;
        this.deliveries = deliveries;
        this.process = process;
        this.clock = clock;
    }

    /**
     * A delivered upload and its receipt.
     *
     * @param sha256 null when it was not computed
     */
    record Delivered(
            TakenDelivery delivery,
            DeliveryReceipt receipt,
            @Nullable String sha256) {

        private boolean isPlain() {
            return sha256 == null
                    && receipt.verifiedBy() == Verification.SAME_FILE
                    && receipt.checksum() == null
                    && receipt.key().equals(delivery.row().key());
        }
    }

    /** Joins the transaction in progress, which has just finished the upload. */
    void insert(DeliveryRow row, PartPlan plan) {
        jdbc.sql(INSERT)
                .param("id", row.id().value())
                .param("destination", row.destination())
                .param("key", row.key())
                .param("partSize", plan.partSize())
                .param("partCount", plan.partCount())
                .param("now", now())
                .param("process", process)
                .param("until", until())
                .update();
    }

    /** Not synced: after a crash all takes of this process are void. */
    void renew(List<UploadId> ids) {
        int unused = committer.commitLazily(() -> jdbc.sql(RENEW)
                .param("ids", IdList.of(ids))
                .param("process", process)
                .param("until", until())
                .update());
    }

    /** Joins the transaction in progress. */
    void release(UploadId id) {
        jdbc.sql(RELEASE)
                .param("id", id.value())
                .param("process", process)
                .param("now", now())
                .update();
    }

    /** Joins the transaction in progress: no process has the delivery any more. */
    void releaseFromAnybody(UploadId id) {
        jdbc.sql(RELEASE_FROM_ANYBODY)
                .param("id", id.value())
                .param("now", now())
                .update();
    }

    /**
     * Records the objects and moves the uploads to DELIVERED, in one transaction.
     *
     * @param also runs in the same transaction
     * @return false when nothing was recorded: an upload is no longer FINISHED, or another attempt has taken it over
     */
    boolean delivered(List<Delivered> all, Runnable also) {
        return uploads.moveStates(
                all.stream().map(one -> one.delivery().upload()).toList(), UploadState.DELIVERED, () -> {
                    also.run();
                    return recordPlain(all.stream().filter(Delivered::isPlain).toList())
                            && all.stream()
                                    .filter(one -> !one.isPlain())
                                    .allMatch(one -> deliveries.recordDelivered(
                                            one.delivery().id(), TOKEN, one.receipt(), one.sha256()));
                });
    }

    private boolean recordPlain(List<Delivered> plain) {
        return plain.isEmpty()
                || jdbc.sql(DELIVERED)
                                .param(
                                        "ids",
                                        IdList.of(plain.stream()
                                                .map(one -> one.delivery().id())
                                                .toList()))
                                .param("process", process)
                                .param("now", now())
                                .update()
                        == plain.size();
    }

    /** Uploads on the volume whose takes have ended, whoever had taken them. At most 1,000. */
    List<UploadId> expired(Iterable<String> destinations, String volume) {
        List<String> names = new ArrayList<>();
        destinations.forEach(names::add);
        return jdbc.sql(EXPIRED)
                .param("destinations", names)
                .param("volume", volume)
                .param("now", now())
                .query((rs, number) -> new UploadId(rs.getString("upload_id")))
                .list();
    }

    private OffsetDateTime now() {
        return clock.instant().atOffset(ZoneOffset.UTC);
    }

    private OffsetDateTime until() {
        Instant until = clock.instant().plus(TakenDelivery.TERM);
        return until.atOffset(ZoneOffset.UTC);
    }
}
