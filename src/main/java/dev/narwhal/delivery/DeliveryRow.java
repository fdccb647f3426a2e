package dev.narwhal.delivery;

import dev.narwhal.upload.UploadId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One row of the {@code delivery} table as the reader saw it.
 *
 * @param destination the name of the destination, chosen when the row was written
 * @param key the object's key below the destination
 * @param resumeToken identifies the destination's unfinished transfer for the next attempt (the column {@code multipart_id}):
 *     an S3 multipart upload's id, a file's inode, or the mark of an Azure blob's blocks; null before a transfer begins
 * @param partSize bytes of each part but the last; fixed when the row was written
 * @param token grows with each attempt; every write compares it
 * @param attempts failed attempts since the delivery was queued or retried
 * @param sha256 of the whole file, in hexadecimal digits; null while it is not computed
 */
record DeliveryRow(
        UploadId id,
        String destination,
        String key,
        @Nullable String resumeToken,
        long partSize,
        DeliveryStatus status,
        long token,
        int attempts,
        @Nullable String sha256,
        @Nullable Instant deliveredAt) {}
