package dev.narwhal.upload;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * One row of the {@code upload} table, as it was when it was read. Immutable: a transition is asked of
 * {@link UploadRepository}, which answers with the new value or says that somebody else was faster.
 *
 * @param owner who created it; empty where access is open
 * @param length total bytes, 0 to 2^63-1; null while the client has not declared it (creation-defer-length)
 * @param offset bytes that are durable and acknowledged, 0 to {@code length}
 * @param metadata the Upload-Metadata header exactly as the client sent it; null when it sent none
 * @param filename decoded from the metadata, for the object's name; null when there is none
 * @param contentType decoded from the metadata, for the object's header; null when there is none
 * @param expiresAt when an unfinished upload goes, a whole second; null once it cannot expire
 * @param volume id of the staging volume that holds the bytes
 * @param leaseToken fencing token: the token of the last lease that moved this row, of its creator's at first; the database
 *     allocates them, each once
 * @param concat the Upload-Concat header exactly as the client sent it; null for a whole upload
 */
public record Upload(
        UploadId id,
        String owner,
        UploadKind kind,
        @Nullable Long length,
        long offset,
        @Nullable String metadata,
        @Nullable String filename,
        @Nullable String contentType,
        UploadState state,
        Instant createdAt,
        Instant updatedAt,
        @Nullable Instant finishedAt,
        @Nullable Instant expiresAt,
        String volume,
        long leaseToken,
        @Nullable String concat) {

    public Upload {
        if (offset < 0) {
            throw new IllegalArgumentException("An upload's offset is at least 0, not " + offset);
        }
        if (length != null && (length < 0 || offset > length)) {
            throw new IllegalArgumentException("Offset " + offset + " does not fit a length of " + length);
        }
    }

    /** True while the client has not declared the length. */
    public boolean isLengthDeferred() {
        return length == null;
    }

    /** True when a body that ends at {@code end} is the last one. */
    public boolean isFinishedBy(long end) {
        return length != null && length == end;
    }

    /** True for what goes when nobody goes on with it: an unfinished upload, and a partial also when it is finished. */
    public boolean isExpirable() {
        return state == UploadState.RECEIVING || (state == UploadState.FINISHED && kind == UploadKind.PARTIAL);
    }

    /** True when its own time is over; what else keeps it, a request or a final upload, is not known to the row. */
    public boolean isOverdue(Instant now) {
        return isExpirable() && expiresAt != null && !now.isBefore(expiresAt);
    }

    /** The row that a creation adds: it expires unless it is finished already, and was finished now if nobody said when. */
    Upload created(Instant now, Duration expireAfter) {
        @Nullable Instant finished = finishedAt == null && state.isComplete() ? now : finishedAt;
        return new Upload(
                id,
                owner,
                kind,
                length,
                offset,
                metadata,
                filename,
                contentType,
                state,
                createdAt,
                updatedAt,
                finished,
                expiryOf(state, now, expireAfter),
                volume,
                leaseToken,
                concat);
    }

    /** The row after its offset or its length was moved; finished when that made them equal. */
    Upload moved(@Nullable Long newLength, long newOffset, long newLeaseToken, Instant now, Duration expireAfter) {
        boolean finishing = newLength != null && newLength == newOffset;
        UploadState newState = finishing ? UploadState.FINISHED : UploadState.RECEIVING;
        return new Upload(
                id,
                owner,
                kind,
                newLength,
                newOffset,
                metadata,
                filename,
                contentType,
                newState,
                createdAt,
                now,
                finishing ? now : null,
                expiryOf(newState, now, expireAfter),
                volume,
                newLeaseToken,
                concat);
    }

    /**
     * A final as its partials are now: its length once all of theirs are known, and complete once they are.
     *
     * @param total the sum of the partials' lengths; null while one is not known
     * @param complete whether every partial is; {@code total} is known then
     */
    Upload assembled(@Nullable Long total, boolean complete, Instant now) {
        return new Upload(
                id,
                owner,
                kind,
                total,
                complete && total != null ? total : 0,
                metadata,
                filename,
                contentType,
                complete ? UploadState.FINISHED : UploadState.RECEIVING,
                createdAt,
                now,
                complete ? now : null,
                complete ? null : expiresAt,
                volume,
                leaseToken,
                concat);
    }

    Upload withLeaseToken(long allocated) {
        return new Upload(
                id,
                owner,
                kind,
                length,
                offset,
                metadata,
                filename,
                contentType,
                state,
                createdAt,
                updatedAt,
                finishedAt,
                expiresAt,
                volume,
                allocated,
                concat);
    }

    /** True when it is the delivery's turn; a partial is delivered with its final only. */
    boolean isQueued() {
        return state == UploadState.FINISHED && kind != UploadKind.PARTIAL;
    }

    /**
     * A partial goes on to expire when it is finished: nothing but a final keeps it. Rounded up to a whole second, the most
     * that Upload-Expires can say: what a client is told is then exactly what happens.
     */
    private @Nullable Instant expiryOf(UploadState newState, Instant now, Duration expireAfter) {
        boolean expires =
                newState == UploadState.RECEIVING || (newState == UploadState.FINISHED && kind == UploadKind.PARTIAL);
        if (!expires || expireAfter.isZero()) {
            return null;
        }
        return now.plus(expireAfter).plus(Duration.ofSeconds(1).minusNanos(1)).truncatedTo(ChronoUnit.SECONDS);
    }
}
