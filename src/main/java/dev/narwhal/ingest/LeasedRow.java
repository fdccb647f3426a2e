package dev.narwhal.ingest;

import dev.narwhal.upload.GrantedUpload;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadId;
import dev.narwhal.upload.UploadRepository;
import java.util.Objects;

/**
 * An upload's row as the holder of the lease knows it, and moves it: by compare-and-set, under the lease's token. For one
 * thread at a time.
 */
final class LeasedRow {

    private final UploadRepository uploads;
    private final IngestMetrics metrics;
    private final long token;
    private Upload known;
    private boolean lost;

    LeasedRow(GrantedUpload granted, UploadRepository uploads, IngestMetrics metrics) {
        this.uploads = uploads;
        this.metrics = metrics;
        this.token = granted.token();
        this.known = granted.upload();
    }

    Upload known() {
        return known;
    }

    /** True once it has shown that somebody else has the upload. */
    boolean isLost() {
        return lost;
    }

    /** @throws UploadOvertakenException when somebody else moved the upload */
    void declareLength(long length) {
        know(uploads.declareLength(known, length, token).orElseThrow(this::overtaken));
    }

    /**
     * Records that the bytes up to {@code durable} are durable, if that says anything new.
     *
     * @throws UploadOvertakenException when somebody else moved the upload
     */
    void advance(long durable) {
        if (durable != known.offset()
                || known.isFinishedBy(durable) && !known.state().isComplete()) {
            know(uploads.advance(known, durable, token).orElseGet(() -> advanceAgain(durable)));
        }
    }

    /**
     * Settles with the database that the row is still where we have read it, and that nobody moves it but us. A commit of
     * the one who wrote before may be on its way still, visible to nobody, with its process or its connection gone.
     *
     * @throws UploadOvertakenException when somebody else moved the upload
     */
    void claim() {
        know(uploads.advance(known, known.offset(), token).orElseThrow(this::overtaken));
    }

    private void know(Upload moved) {
        if (moved.state().isComplete() && !known.state().isComplete()) {
            metrics.finished(moved.kind());
        }
        known = moved;
    }

    /**
     * The comparison failed. If an answer of the database was lost earlier, the row may have moved by our own hand: it
     * carries our token then, which nobody else was given, and we go on from it. Otherwise somebody else has the upload.
     */
    private Upload advanceAgain(long durable) {
        Upload row = uploads.find(id()).orElseThrow(this::overtaken);
        if (row.leaseToken() == token && row.offset() == durable) {
            return row;
        }
        if (row.leaseToken() != token || row.offset() > durable || !Objects.equals(row.state(), known.state())) {
            throw overtaken();
        }
        return uploads.advance(row, durable, token).orElseThrow(this::overtaken);
    }

    private UploadId id() {
        return known.id();
    }

    private UploadOvertakenException overtaken() {
        lost = true;
        return new UploadOvertakenException(id());
    }
}
