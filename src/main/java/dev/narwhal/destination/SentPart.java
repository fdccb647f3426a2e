package dev.narwhal.destination;

import org.jspecify.annotations.Nullable;

/**
 * A part that a store has acknowledged.
 *
 * @param number from 1 to {@link PartPlan#MAX_PARTS}
 * @param size bytes
 * @param tag what the store knows the part by, or says of its bytes; opaque to everybody but the destination
 * @param crc32 of its bytes: four of them, big end first, in base64; null when it is not known
 */
public record SentPart(
        int number, long size, String tag, @Nullable String crc32) {

    public SentPart {
        if (number < 1 || number > PartPlan.MAX_PARTS) {
            throw new IllegalArgumentException("A part's number is 1 to " + PartPlan.MAX_PARTS + ", not " + number);
        }
    }
}
