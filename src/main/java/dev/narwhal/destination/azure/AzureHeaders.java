package dev.narwhal.destination.azure;

import dev.narwhal.destination.DeliveryJob;
import dev.narwhal.destination.parts.ObjectHeaders;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What clients said, made fit for a blob's metadata: names as identifiers of C# are, values in ASCII, bounded. */
final class AzureHeaders {

    /** Metadata by which a blob is known to be an upload's; a name may have no dashes: {@code narwhaluploadid}. */
    static final String UPLOAD_ID = DeliveryJob.UPLOAD_ID.replace("-", "");

    /** Azure: names and values together. */
    private static final int MAX_METADATA_BYTES = 8192;

    private AzureHeaders() {}

    /** The upload's id, then what fits of the chosen metadata, by name. Of two names that become one the first is kept. */
    static Map<String, String> metadata(DeliveryJob job) {
        Map<String, String> result = new LinkedHashMap<>();
        result.put(UPLOAD_ID, job.uploadId());
        int room = MAX_METADATA_BYTES - UPLOAD_ID.length() - job.uploadId().length();
        for (Map.Entry<String, String> entry : new TreeMap<>(job.metadata()).entrySet()) {
            String name = identifier(entry.getKey());
            String value = ObjectHeaders.metadataValue(entry.getValue());
            int size = name.length() + value.length();
            // A header without a value may get lost on the way, and the signature would not match.
            if (!value.isEmpty() && size <= room && result.putIfAbsent(name, value) == null) {
                room -= size;
            }
        }
        return result;
    }

    /** Letters, digits and underscores, no digit first; Azure ignores the case of names, so all are small. */
    private static String identifier(String name) {
        String plain = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_]", "_");
        return plain.isEmpty() || Character.isDigit(plain.charAt(0)) ? "_" + plain : plain;
    }
}
