package dev.narwhal.upload;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * One row of the {@code upload} table as the reader saw it. Immutable: {@link UploadRepository} makes the transitions, and
 * returns the new value or says that another writer was faster.
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

    public UploadTerms terms() {
        return identity.terms();
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

    /** True when a body that ends at {@code end} completes the upload. */
    public boolean isFinishedBy(long end) {
        return length() != null && length() == end;
    }

    /**
     * True for an upload that the sweep removes when its client abandons it: an unfinished upload, or a partial, also a
     * finished one.
     */
    public boolean isExpirable() {
        return state() == UploadState.RECEIVING || (state() == UploadState.FINISHED && kind() == UploadKind.PARTIAL);
    }

    /**
     * True when the upload's own deadline has passed. The row does not know whether a request or a final upload still keeps it.
     */
    public boolean isOverdue(Instant now) {
        return isExpirable() && expiresAt() != null && !now.isBefore(expiresAt());
    }

    /**
     * The row that a creation adds. It expires unless the upload is finished already. A finished upload without a finishing
     * time gets the present time.
     */
    Upload created(Instant now, Duration expireAfter) {
        @Nullable Instant finished = finishedAt() == null && state().isComplete() ? now : finishedAt();
        return new Upload(
                identity,
                description.stored(),
                progress,
                new UploadLifecycle(state(), createdAt(), now, finished, expiryOf(state(), now, expireAfter)));
    }

    /** The row of a new upload, with the bytes up to {@code durable}; finished if these are all. It has no deadline yet. */
    public Upload begunWith(long durable) {
        UploadProgress begun = new UploadProgress(length(), durable, leaseToken());
        UploadState state = begun.isComplete() ? UploadState.FINISHED : UploadState.RECEIVING;
        return new Upload(
                identity, description, begun, new UploadLifecycle(state, createdAt(), updatedAt(), null, null));
    }

    /** The row with a new offset or length; FINISHED when the two are equal. */
    Upload moved(UploadProgress to, Instant now, Duration expireAfter) {
        UploadState state = to.isComplete() ? UploadState.FINISHED : UploadState.RECEIVING;
        return with(to, state, now, expiryOf(state, now, expireAfter));
    }

    /**
     * A final as its partials are now. The final has a length once all its partials have one, and is complete once all its
     * partials are.
     *
     * @param total the sum of the partials' lengths; null while one of them is not declared
     * @param complete whether every partial is complete; {@code total} is not null then
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

    /** The row in another state. It no longer expires. */
    Upload in(UploadState state, Instant now) {
        return new Upload(
                identity, description, progress, new UploadLifecycle(state, createdAt(), now, finishedAt(), null));
    }

    /** True when the upload waits for its delivery. A partial is delivered only with its final. */
    public boolean isQueued() {
        return state() == UploadState.FINISHED && kind() != UploadKind.PARTIAL;
    }

    /**
     * A finished partial still expires: only a final keeps it. The time is rounded up to a whole second, the resolution of
     * Upload-Expires, so that the server does exactly what it has told the client.
     */
    private @Nullable Instant expiryOf(UploadState newState, Instant now, Duration expireAfter) {
        boolean expires =
                newState == UploadState.RECEIVING || (newState == UploadState.FINISHED && kind() == UploadKind.PARTIAL);
        Duration kept = terms().expireAfter() == null ? expireAfter : terms().expireAfter();
        if (!expires || kept.isZero()) {
            return null;
        }
        return now.plus(kept).plus(Duration.ofSeconds(1).minusNanos(1)).truncatedTo(ChronoUnit.SECONDS);
    }
}
