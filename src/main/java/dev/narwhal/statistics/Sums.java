package dev.narwhal.statistics;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What happened to uploads within a time. Partials do not count, their finals do.
 *
 * @param created uploads created then
 * @param finished uploads whose last byte came then
 * @param delivered uploads whose object was verified then
 * @param failed uploads whose delivery was given up then, and was not retried since
 * @param expired uploads that expired then
 * @param terminated uploads that were deleted then, before their delivery
 * @param receivedBytes bytes of the uploads that finished, expired or were deleted then
 * @param deliveredBytes bytes of the uploads delivered then
 * @param successRate delivered uploads among those that ended then in whatever way, 0 to 1; null when none did
 * @param meanBytesPerSecond bytes of the uploads that finished then, by the seconds from their creation to their last byte;
 *     finals do not count. Null when there were none
 * @param sizes finished uploads by their size
 */
public record Sums(
        Instant start,
        long created,
        long finished,
        long delivered,
        long failed,
        long expired,
        long terminated,
        long receivedBytes,
        long deliveredBytes,
        @Nullable Double successRate,
        @Nullable Long meanBytesPerSecond,
        List<SizeRange> sizes) {

    /**
     * Uploads of one range of sizes.
     *
     * @param below in bytes: the size that each of them is smaller than; null for the last range
     */
    public record SizeRange(@Nullable Long below, long uploads) {}
}
