package dev.narwhal.destination;

import org.jspecify.annotations.Nullable;

/**
 * A part that a store has acknowledged.
 *
 * @param number from 1 to {@link PartPlan#MAX_PARTS}
 * @param size bytes
 * @param etag as the store gave it
 * @param checksum CRC32, base64 of its four bytes, as S3 writes it; null when it is not known
 */
public record SentPart(
        int number, long size, String etag, @Nullable String checksum) {

    public SentPart {
        if (number < 1 || number > PartPlan.MAX_PARTS) {
            throw new IllegalArgumentException("A part's number is 1 to " + PartPlan.MAX_PARTS + ", not " + number);
        }
    }
}
