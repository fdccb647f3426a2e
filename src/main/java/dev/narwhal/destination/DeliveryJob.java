package dev.narwhal.destination;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One object that a destination must create.
 *
 * @param uploadId 32 hexadecimal digits; the destination stores it with the object and later recognises the object by it
 * @param key the object's key below the destination: segments separated by {@code /}, none empty, {@code .} or {@code ..}
 * @param plan length and parts; the same in each attempt
 * @param contentType the type that the client declared, unchecked; null when it declared none
 * @param filename the name that the client declared, unchecked; null when it declared none
 * @param metadata names and values that the destination stores with the object, if it can store metadata
 * @param onConflict what the destination does when the key is taken
 * @param attempt 1 for the first attempt; each later attempt has a higher number
 */
public record DeliveryJob(
        String uploadId,
        String key,
        PartPlan plan,
        @Nullable String contentType,
        @Nullable String filename,
        Map<String, String> metadata,
        OnConflict onConflict,
        long attempt) {

    /** The name of the metadata entry that says to which upload an object belongs. Its value is the upload's id. */
    public static final String UPLOAD_ID = "narwhal-upload-id";

    public DeliveryJob {
        if (uploadId.isEmpty() || key.isEmpty()) {
            throw new IllegalArgumentException(
                    "A delivery needs an upload id and a key: '" + uploadId + "', '" + key + "'");
        }
        metadata = Map.copyOf(metadata);
    }

    /** The same job with another key. */
    public DeliveryJob withKey(String other) {
        return new DeliveryJob(uploadId, other, plan, contentType, filename, metadata, onConflict, attempt);
    }

    /** Bytes of the object. */
    public long length() {
        return plan.length();
    }

    /**
     * False when no object can have the key yet: this is the first attempt, and the key contains the upload's random id.
     */
    public boolean mayExist() {
        return attempt > 1 || !key.contains(uploadId);
    }
}
