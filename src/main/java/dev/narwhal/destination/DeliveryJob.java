package dev.narwhal.destination;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One object to be made.
 *
 * @param uploadId 32 hexadecimal digits; the object carries it, so that it is recognised again
 * @param key where, below the destination: segments separated by {@code /}, none empty, {@code .} or {@code ..}
 * @param plan length and parts; the same in each attempt
 * @param contentType as the client declared it, unchecked; null when it did not
 * @param filename as the client named it, unchecked; null when it did not
 * @param metadata chosen names and values to be kept with the object where the destination can
 * @param onConflict what to do when the key is taken
 * @param attempt 1 for the first, more for each later one
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

    /** The name of metadata by which stores tell whose an object is: its value is the upload's id. */
    public static final String UPLOAD_ID = "narwhal-upload-id";

    public DeliveryJob {
        if (uploadId.isEmpty() || key.isEmpty()) {
            throw new IllegalArgumentException(
                    "A delivery needs an upload id and a key: '" + uploadId + "', '" + key + "'");
        }
        metadata = Map.copyOf(metadata);
    }

    /** The same under another key. */
    public DeliveryJob withKey(String other) {
        return new DeliveryJob(uploadId, other, plan, contentType, filename, metadata, onConflict, attempt);
    }

    /** Bytes of the object. */
    public long length() {
        return plan.length();
    }

    /**
     * False when nothing can be at the key yet: this is the first attempt, and the key has the upload's random id in it.
     */
    public boolean mayExist() {
        return attempt > 1 || !key.contains(uploadId);
    }
}
