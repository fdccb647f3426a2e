package dev.narwhal.upload;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * The state of an upload, and the times of its changes. Times are truncated to microseconds, the precision of both databases.
 * They are never rounded up, so that no stored time lies in the future.
 *
 * @param finishedAt when the last byte became durable; null before
 * @param expiresAt when an unfinished upload expires, a whole second; null once it cannot expire
 */
public record UploadLifecycle(
        UploadState state,
        Instant createdAt,
        Instant updatedAt,
        @Nullable Instant finishedAt,
        @Nullable Instant expiresAt) {

    public UploadLifecycle {
        createdAt = createdAt.truncatedTo(ChronoUnit.MICROS);
        updatedAt = updatedAt.truncatedTo(ChronoUnit.MICROS);
        finishedAt = finishedAt == null ? null : finishedAt.truncatedTo(ChronoUnit.MICROS);
    }

    /** The lifecycle of an upload that is created now. {@link UploadRepository#create} sets its expiry. */
    public static UploadLifecycle begun(UploadState state, Instant now) {
        return new UploadLifecycle(state, now, now, state.isComplete() ? now : null, null);
    }
}
