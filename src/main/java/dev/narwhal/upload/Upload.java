package dev.narwhal.upload;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * One row of the {@code upload} table, as it was when it was read. Immutable: a transition is asked of
 * {@link UploadRepository}, which answers with the new value or says that somebody else was faster.
 */
public record Upload(
        UploadIdentity identity, UploadDescription description, UploadProgress progress, UploadLifecycle lifecycle) {

    public UploadId id() {
        return identity.id();
    }

    public String owner() {
        return identity.owner();
    }

    public UploadKind kind() {
        return identity.kind();
    }

    public String volume() {
        return identity.volume();
    }

    public @Nullable String metadata() {
        return description.metadata();
    }

    public @Nullable String filename() {
        return description.filename();
    }

    public @Nullable String contentType() {
        return description.contentType();
    }

    public @Nullable String concat() {
        return description.concat();
    }

    public @Nullable Long length() {
        return progress.length();
    }

    public long offset() {
        return progress.offset();
    }

    public long leaseToken() {
        return progress.leaseToken();
    }

    public UploadState state() {
        return lifecycle.state();
    }

    public Instant createdAt() {
        return lifecycle.createdAt();
    }

    public Instant updatedAt() {
        return lifecycle.updatedAt();
    }

    public @Nullable Instant finishedAt() {
        return lifecycle.finishedAt();
    }

    public @Nullable Instant expiresAt() {
        return lifecycle.expiresAt();
    }

    /** True while the client has not declared the length. */
    public boolean isLengthDeferred() {
        return length() == null;
    }

    /** True when a body that ends at {@code end} is the last one. */
    public boolean isFinishedBy(long end) {
        return length() != null && length() == end;
    }

    /** True for what goes when nobody goes on with it: an unfinished upload, and a partial also when it is finished. */
    public boolean isExpirable() {
        return state() == UploadState.RECEIVING || (state() == UploadState.FINISHED && kind() == UploadKind.PARTIAL);
    }

    /** True when its own time is over; what else keeps it, a request or a final upload, is not known to the row. */
    public boolean isOverdue(Instant now) {
        return isExpirable() && expiresAt() != null && !now.isBefore(expiresAt());
    }

    /** The row that a creation adds: it expires unless it is finished already, and was finished now if nobody said when. */
    Upload created(Instant now, Duration expireAfter) {
        @Nullable Instant finished = finishedAt() == null && state().isComplete() ? now : finishedAt();
        return new Upload(
                identity,
                description.stored(),
                progress,
                new UploadLifecycle(state(), createdAt(), updatedAt(), finished, expiryOf(state(), now, expireAfter)));
    }

    /** The row after its offset or its length was moved; finished when that made them equal. */
    Upload moved(UploadProgress to, Instant now, Duration expireAfter) {
        UploadState state = to.isComplete() ? UploadState.FINISHED : UploadState.RECEIVING;
        return with(to, state, now, expiryOf(state, now, expireAfter));
    }

    /**
     * A final as its partials are now: its length once all of theirs are known, and complete once they are.
     *
     * @param total the sum of the partials' lengths; null while one is not known
     * @param complete whether every partial is; {@code total} is known then
     */
    Upload assembled(@Nullable Long total, boolean complete, Instant now) {
        return with(
                new UploadProgress(total, complete && total != null ? total : 0, leaseToken()),
                complete ? UploadState.FINISHED : UploadState.RECEIVING,
                now,
                complete ? null : expiresAt());
    }

    private Upload with(UploadProgress to, UploadState state, Instant now, @Nullable Instant expires) {
        @Nullable Instant finished = state == UploadState.FINISHED ? now : null;
        return new Upload(identity, description, to, new UploadLifecycle(state, createdAt(), now, finished, expires));
    }

    /** The row after its state alone was moved: it does not expire any more. */
    Upload in(UploadState state, Instant now) {
        return new Upload(
                identity, description, progress, new UploadLifecycle(state, createdAt(), now, finishedAt(), null));
    }

    Upload withLeaseToken(long allocated) {
        return new Upload(identity, description, new UploadProgress(length(), offset(), allocated), lifecycle);
    }

    /** True when it is the delivery's turn; a partial is delivered with its final only. */
    public boolean isQueued() {
        return state() == UploadState.FINISHED && kind() != UploadKind.PARTIAL;
    }

    /**
     * A partial goes on to expire when it is finished: nothing but a final keeps it. Rounded up to a whole second, the most
     * that Upload-Expires can say: what a client is told is then exactly what happens.
     */
    private @Nullable Instant expiryOf(UploadState newState, Instant now, Duration expireAfter) {
        boolean expires =
                newState == UploadState.RECEIVING || (newState == UploadState.FINISHED && kind() == UploadKind.PARTIAL);
        if (!expires || expireAfter.isZero()) {
            return null;
        }
        return now.plus(expireAfter).plus(Duration.ofSeconds(1).minusNanos(1)).truncatedTo(ChronoUnit.SECONDS);
    }
}
