package dev.narwhal.ingest;

import dev.narwhal.upload.UploadId;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The lowest offset that a HEAD reported while one session had the upload, against the end of that session's body. Safe for any
 * number of threads.
 */
final class ToldOffset {

    private static final long NOT_YET = -1;
    private static final long NOBODY = Long.MAX_VALUE;

    private final UploadId id;
    private final UnacknowledgedBodies unacknowledged;
    private final AtomicLong lowest = new AtomicLong(NOBODY);
    /** The end of the body whose client got its answer. */
    private volatile long acknowledgedAt = NOT_YET;

    ToldOffset(UploadId id, UnacknowledgedBodies unacknowledged) {
        this.id = id;
        this.unacknowledged = unacknowledged;
    }

    /**
     * A client was told this offset. It may be the body's own client, which has given up this connection and resumes
     * at that offset. The rest of the body then arrives from a network buffer, and its answer reaches no client.
     */
    void told(long offset) {
        lowest.accumulateAndGet(offset, Math::min);
        remember();
    }

    /** The client of the body that ended here is answered. */
    void acknowledged(long end) {
        if (lowest.get() >= end) {
            unacknowledged.acknowledged(id);
        }
        acknowledgedAt = end;
        remember();
    }

    /**
     * Called by both {@link #told} and {@link #acknowledged}, and effective in the later of the two: the body may end
     * after HEAD read the row and before HEAD answered.
     */
    private void remember() {
        long end = acknowledgedAt;
        if (end != NOT_YET && lowest.get() < end) {
            unacknowledged.ended(id, lowest.get(), end);
        }
    }
}
