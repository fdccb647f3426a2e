package dev.narwhal.destination;

import org.jspecify.annotations.Nullable;

/**
 * Describes a delivered object: complete, and visible under its key.
 *
 * @param key the object's key: the job's, or the key that replaced it ({@link DeliveryJournal#rekeyed})
 * @param checksum of the object, in the notation of {@code verifiedBy}; null when there is none
 * @param verifiedBy how the destination verified the object
 * @param adopted true when the destination found the object already there, created by an earlier attempt or request
 */
public record DeliveryReceipt(String key, @Nullable String checksum, Verification verifiedBy, boolean adopted) {

    /** How a delivered object was verified, the strongest first. The names are stored. */
    public enum Verification {
        /** The object is a hard link to the staged file. */
        SAME_FILE,
        /** The CRC32 that the store reports for the whole object equals the server's. */
        FULL_OBJECT_CRC32,
        /** The MD5 that the store reports for the whole object equals the server's. */
        FULL_OBJECT_MD5,
        /** The checksum that the store reports over the parts' CRC32s equals the server's. */
        COMPOSITE_CRC32,
        /** The store lists exactly the server's parts, and it compared each part with the server's MD5. */
        PART_MD5,
        /** The server read the copy back, and its CRC32 equals that of the content. */
        READ_BACK_CRC32,
        /** The ETag equals the MD5 of the content, or that of the ETags of exactly the server's parts. */
        ETAG,
        /** The server could compare only the size. Each request carried a checksum of its bytes. */
        SIZE
    }
}
