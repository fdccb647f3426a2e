package dev.narwhal.upload;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * The state of an upload, and when it changed. Times are kept to the microsecond, the precision of both databases; the rest is cut off
 * and not rounded, so that nothing is stored as of later.
 *
 * @param finishedAt when the last byte was there; null before
 * @param expiresAt when an unfinished upload goes, a whole second; null once it cannot expire
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

    /** Of an upload that is created now; {@link UploadRepository#create} decides when it expires. */
    public static UploadLifecycle begun(UploadState state, Instant now) {
        return new UploadLifecycle(state, now, now, state.isComplete() ? now : null, null);
    }
}
