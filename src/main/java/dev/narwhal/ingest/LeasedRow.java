package dev.narwhal.ingest;

import dev.narwhal.upload.GrantedUpload;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadId;
import dev.narwhal.upload.UploadRepository;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;

/**
 * An upload's row as the lease holder last read it. The holder moves the row by compare-and-set, with the lease's
 * fencing token. For one thread at a time.
 *
 * <p>The row of a creation with a body is <em>planned</em> at first: the database gets it together with the first bytes
 * that are recorded, in one commit.
 */
final class LeasedRow {

    private final UploadRepository uploads;
    private final IngestMetrics metrics;
    private final long token;
    private Upload known;
    private boolean planned;
    private boolean lost;
    /** Why the body ended early whose last bytes are recorded next. */
    private @Nullable String broken;

    private LeasedRow(GrantedUpload granted, boolean planned, UploadRepository uploads, IngestMetrics metrics) {
        this.uploads = uploads;
        this.metrics = metrics;
        this.token = granted.token();
        this.known = granted.upload();
        this.planned = planned;
    }

    static LeasedRow read(GrantedUpload granted, UploadRepository uploads, IngestMetrics metrics) {
        return new LeasedRow(granted, false, uploads, metrics);
    }

    static LeasedRow planned(Upload upload, UploadRepository uploads, IngestMetrics metrics) {
        return new LeasedRow(new GrantedUpload(upload, upload.leaseToken()), true, uploads, metrics);
    }

    Upload known() {
        return known;
    }

    /** True while the database has no such row. */
    boolean isPlanned() {
        return planned;
    }

    /** True once the database has shown that another holder has the upload. */
    boolean isLost() {
        return lost;
    }

    /** @throws UploadOvertakenException when another holder moved the upload */
    void declareLength(long length) {
        addIfPlanned(known.offset());
        remember(uploads.declareLength(known, length, token).orElseThrow(this::overtaken));
    }

    /** The next {@link #advance} records the last bytes of a body that has ended early, for this reason. */
    void isBroken(BodyLoss reason) {
        broken = reason.label();
    }

    /**
     * Records that the bytes up to {@code durable} are durable. Does nothing when the row says so already.
     *
     * @throws UploadOvertakenException when another holder moved the upload
     */
    void advance(long durable) {
        addIfPlanned(durable);
        if (durable != known.offset()
                || known.isFinishedBy(durable) && !known.state().isComplete()) {
            remember(uploads.advance(known, durable, token, broken).orElseGet(() -> advanceAgain(durable)));
        }
    }

    /**
     * Claims the row: writes this holder's token to it, which proves that the row is unchanged and that no earlier
     * holder can move it any more. A commit of the previous holder may still be in progress and not yet visible, even
     * if its process or its connection is gone.
     *
     * @throws UploadOvertakenException when another holder moved the upload
     */
    void claim() {
        remember(uploads.advance(known, known.offset(), token).orElseThrow(this::overtaken));
    }

    /**
     * Adds a planned row, with the bytes up to {@code durable} recorded; durable when this returns. Otherwise does nothing.
     *
     * @throws dev.narwhal.upload.VolumeLostException when another process owns the volume; nothing has changed
     */
    void addIfPlanned(long durable) {
        if (!planned) {
            return;
        }
        known = added(known.begunWith(durable));
        planned = false;
        metrics.created(known.kind());
        if (known.state().isComplete()) {
            metrics.finished(known.kind());
        }
    }

    /** A taken id is this upload's own: an earlier answer of the database was lost, and no other request knows the id. */
    private Upload added(Upload row) {
        try {
            return uploads.create(row);
        } catch (DuplicateKeyException e) {
            return uploads.find(id()).orElseThrow(() -> e);
        }
    }

    private void remember(Upload moved) {
        if (moved.state().isComplete() && !known.state().isComplete()) {
            metrics.finished(moved.kind());
        }
        known = moved;
    }

    /**
     * The compare-and-set failed. If an earlier answer of the database was lost, this holder may have moved the row
     * itself. The row then has this holder's token, which no other holder was given, and the holder continues from
     * that row. Otherwise another holder has the upload.
     */
    private Upload advanceAgain(long durable) {
        Upload row = uploads.find(id()).orElseThrow(this::overtaken);
        if (row.leaseToken() == token && row.offset() == durable) {
            return row;
        }
        if (row.leaseToken() != token || row.offset() > durable || !Objects.equals(row.state(), known.state())) {
            throw overtaken();
        }
        return uploads.advance(row, durable, token, broken).orElseThrow(this::overtaken);
    }

    private UploadId id() {
        return known.id();
    }

    private UploadOvertakenException overtaken() {
        lost = true;
        return new UploadOvertakenException(id());
    }
}
