package dev.narwhal.destination.s3;

import dev.narwhal.destination.DeliveryJob;
import dev.narwhal.destination.parts.ObjectHeaders;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** What clients said, as an S3 object's user metadata. */
final class S3Headers {

    /** User metadata by which an object is known to be an upload's. */
    static final String UPLOAD_ID = DeliveryJob.UPLOAD_ID;

    /** S3: names and values of all user metadata together. */
    private static final int MAX_METADATA_BYTES = 2048;

    private S3Headers() {}

    /** The upload's id, then what fits of the chosen metadata. */
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
