package dev.narwhal.api.keys;

import dev.narwhal.access.Limits;
import dev.narwhal.api.ApiError;
import dev.narwhal.api.ApiProblem;
import org.jspecify.annotations.Nullable;

/** How much may be used with a key; null for no limit. As {@link Limits} has them. */
record KeyLimits(
        @Nullable Long stagedBytes,
        @Nullable Long activeUploads,
        @Nullable Long uploadSize,
        @Nullable Long creationsPerSecond,
        @Nullable Long requestsPerSecond,
        @Nullable Long bytesPerSecond) {

    static KeyLimits of(Limits limits) {
        return new KeyLimits(
                limits.stagedBytes(),
                limits.activeUploads(),
                limits.uploadSize(),
                limits.creationsPerSecond(),
                limits.requestsPerSecond(),
                limits.bytesPerSecond());
    }

    /** @throws ApiProblem with INVALID_BODY */
    Limits limits() {
        try {
            return new Limits(
                    stagedBytes, activeUploads, uploadSize, creationsPerSecond, requestsPerSecond, bytesPerSecond);
        } catch (IllegalArgumentException e) {
            throw new ApiProblem(ApiError.INVALID_BODY, e.getMessage() + ".");
        }
    }
}
