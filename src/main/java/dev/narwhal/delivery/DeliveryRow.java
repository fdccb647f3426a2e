package dev.narwhal.delivery;

import dev.narwhal.upload.UploadId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One row of the {@code delivery} table, as it was when it was read.
 *
 * @param destination the name of the destination, chosen when the row was written
 * @param key the object's key below the destination
 * @param handle what the destination left to find its beginnings again; null when nothing was begun
 * @param partSize bytes of each part but the last; fixed when the row was written
 * @param token grows with each attempt; every write compares it
 * @param attempts that failed since the delivery was queued or retried
 * @param sha256 of the whole file, in hexadecimal digits; null while it is not computed
 */
record DeliveryRow(
        UploadId id,
        String destination,
        String key,
        @Nullable String handle,
        long partSize,
        DeliveryStatus status,
        long token,
        int attempts,
        @Nullable String sha256,
        @Nullable Instant deliveredAt) {}
