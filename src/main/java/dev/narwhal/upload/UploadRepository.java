package dev.narwhal.upload;

import java.util.Optional;

/** The {@code upload} table. To be filled. */
public class UploadRepository {

    /**
     * Adds the row, durable when this returns. A row that is FINISHED already (a length of 0) queues its delivery in the
     * same transaction.
     */
    public void create(Upload upload) {
        throw new IllegalStateException("not here yet: " + upload.id());
    }

    /** One statement; tombstones included. */
    public Optional<Upload> find(UploadId id) {
        throw new IllegalStateException("not here yet: " + id);
    }

    /**
     * Records that the bytes up to {@code offset} are durable. Compares id, state RECEIVING, the known offset and the known
     * lease token; sets offset, {@code leaseToken}, updated_at, expires_at. When {@code offset} is the upload's length the
     * upload becomes FINISHED and its delivery is queued, in the same transaction.
     *
     * @return the row as it is now; empty when somebody else moved it
     */
    public Optional<Upload> advance(Upload known, long offset, long leaseToken) {
        throw new IllegalStateException("not here yet: " + known.id());
    }

    /** Fixes a deferred length (same comparison as {@link #advance}); finishes the upload when offset is length already. */
    public Optional<Upload> declareLength(Upload known, long length, long leaseToken) {
        throw new IllegalStateException("not here yet: " + known.id());
    }

    /** Any live state to TERMINATED; compares the known state. False: somebody was faster, read again. */
    public boolean terminate(Upload known) {
        throw new IllegalStateException("not here yet: " + known.id());
    }
}
