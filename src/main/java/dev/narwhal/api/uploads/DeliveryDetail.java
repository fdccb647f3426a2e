package dev.narwhal.api.uploads;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The delivery of an upload.
 *
 * @param key of the object at the destination; null while it has none
 * @param status PENDING, SENDING, COMPLETING, DELIVERED or FAILED
 * @param attempts that failed since the delivery was queued or retried
 * @param lastError of the last failed attempt; null after a success
 * @param checksum by which the object was verified, and how ({@code verifiedBy}); null before
 * @param sha256 of the whole file in hexadecimal digits; null while it is not computed
 * @param partSize bytes of each part but the last; null where the plan is not known
 * @param queuedAt when the delivery was queued: at the last byte, or when its first part could be sent
 * @param parts that the destination has, in their order
 */
record DeliveryDetail(
        String destination,
        @Nullable String key,
        String status,
        int attempts,
        @Nullable String lastError,
        @Nullable String checksum,
        @Nullable String verifiedBy,
        @Nullable String sha256,
        @Nullable Long partSize,
        @Nullable Integer partCount,
        Instant queuedAt,
        Instant updatedAt,
        @Nullable Instant deliveredAt,
        List<Part> parts) {

    /** A part of a delivery in parts. */
    record Part(
            int number,
            long size,
            @Nullable String etag,
            @Nullable String checksum) {}
}
