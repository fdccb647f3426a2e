package dev.narwhal.destination;

import org.jspecify.annotations.Nullable;

/**
 * A part that a store has acknowledged.
 *
 * @param number from 1 to {@link PartPlan#MAX_PARTS}
 * @param size bytes
 * @param tag the part's ETag at S3, its block id at Azure; only the destination interprets it
 * @param crc32 of the part's bytes: four bytes, big-endian, in base64; null when it is not known
 */
public record SentPart(
        int number, long size, String tag, @Nullable String crc32) {

    public SentPart {
        if (number < 1 || number > PartPlan.MAX_PARTS) {
            throw new IllegalArgumentException("A part's number is 1 to " + PartPlan.MAX_PARTS + ", not " + number);
        }
    }
}
