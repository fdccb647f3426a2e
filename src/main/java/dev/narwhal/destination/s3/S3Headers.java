package dev.narwhal.destination.s3;

import dev.narwhal.destination.DeliveryJob;
import dev.narwhal.destination.parts.ObjectHeaders;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Converts metadata from clients to the user metadata of an S3 object. */
final class S3Headers {

    /** The name of the user metadata that holds the upload's id. */
    static final String UPLOAD_ID = DeliveryJob.UPLOAD_ID;

    /** S3's limit for the names and values of all user metadata together. */
    private static final int MAX_METADATA_BYTES = 2048;

    private S3Headers() {}

    /** The upload's id, then the job's metadata as far as it fits. */
    static Map<String, String> metadata(DeliveryJob job) {
        Map<String, String> result = new LinkedHashMap<>();
        result.put(UPLOAD_ID, job.uploadId());
        int room = MAX_METADATA_BYTES - UPLOAD_ID.length() - job.uploadId().length();
        for (Map.Entry<String, String> entry : job.metadata().entrySet()) {
            String name = entry.getKey().toLowerCase(Locale.ROOT);
            String value = ObjectHeaders.metadataValue(entry.getValue());
            int size = name.length() + value.length();
            if (size <= room && name.matches("[a-z0-9._-]+") && result.putIfAbsent(name, value) == null) {
                room -= size;
            }
        }
        return result;
    }
}
