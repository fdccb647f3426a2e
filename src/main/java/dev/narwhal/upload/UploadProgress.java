package dev.narwhal.upload;

import org.jspecify.annotations.Nullable;

/**
 * The progress of an upload.
 *
 * @param length total bytes, 0 to 2^63-1; null while the client has not declared it (creation-defer-length)
 * @param offset bytes that are durable and acknowledged, 0 to {@code length}
 * @param leaseToken fencing token: the token of the last lease that moved this row, at first 0, the creator's; the database
 *     allocates each other token once
 */
public record UploadProgress(@Nullable Long length, long offset, long leaseToken) {

    public UploadProgress {
        if (offset < 0) {
            throw new IllegalArgumentException("An upload's offset is at least 0, not " + offset);
        }
        if (length != null && (length < 0 || offset > length)) {
            throw new IllegalArgumentException("Offset " + offset + " does not fit a length of " + length);
        }
    }

    /** The progress of a new upload, whose row no lease has moved. */
    public static UploadProgress begun(@Nullable Long length) {
        return new UploadProgress(length, 0, 0);
    }

    /** True when every byte is durable. */
    boolean isComplete() {
        return length != null && length == offset;
    }
}
