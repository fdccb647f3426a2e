package dev.narwhal.destination;

import org.jspecify.annotations.Nullable;

/**
 * A whole object under its key.
 *
 * @param key where it is: the job's, or the one that {@link OnConflict#RENAME} made of it
 * @param checksum of the object, in the notation of {@code verifiedBy}; null when there is none
 * @param verifiedBy how it is known that the object is right
 * @param adopted true when an earlier attempt had made it
 */
public record DeliveryReceipt(String key, @Nullable String checksum, Verification verifiedBy, boolean adopted) {

    /** How a delivered object was verified, the strongest first. The names are stored. */
    public enum Verification {
        /** It is the staged file itself, under a second name. */
        SAME_FILE,
        /** The store computed the CRC32 of the whole object, and it is ours. */
        FULL_OBJECT_CRC32,
        /** The store computed the MD5 of the whole object, and it is ours. */
        FULL_OBJECT_MD5,
        /** The store gave the checksum over the parts' CRC32s, and it is ours. */
        COMPOSITE_CRC32,
        /** The store says that the object is made of exactly our parts, each of which came in with our MD5. */
        PART_MD5,
        /** A copy was read back and has our CRC32. */
        READ_BACK_CRC32,
        /** The ETag is the MD5 of our bytes, or of the ETags of exactly our parts, each checked on its way. */
        ETAG,
        /** The store says no more than its size; each part was sent with its CRC32. */
        SIZE
    }
}
