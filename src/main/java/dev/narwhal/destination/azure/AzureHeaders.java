package dev.narwhal.destination.azure;

import dev.narwhal.destination.DeliveryJob;
import dev.narwhal.destination.parts.ObjectHeaders;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Converts metadata from clients to a blob's metadata: names are C# identifiers, values are ASCII, the size is bounded. */
final class AzureHeaders {

    /** The name of the metadata that holds the upload's id: {@code narwhaluploadid}, because Azure allows no dashes. */
    static final String UPLOAD_ID = DeliveryJob.UPLOAD_ID.replace("-", "");

    /** Azure's limit for all names and values together. */
    private static final int MAX_METADATA_BYTES = 8192;

    private AzureHeaders() {}

    /**
     * The upload's id, then the job's metadata as far as it fits, in the order of names. If two names become the same, the first
     * one counts.
     */
    static Map<String, String> metadata(DeliveryJob job) {
        Map<String, String> result = new LinkedHashMap<>();
        result.put(UPLOAD_ID, job.uploadId());
        int room = MAX_METADATA_BYTES - UPLOAD_ID.length() - job.uploadId().length();
        for (Map.Entry<String, String> entry : new TreeMap<>(job.metadata()).entrySet()) {
            String name = identifier(entry.getKey());
            String value = ObjectHeaders.metadataValue(entry.getValue());
            int size = name.length() + value.length();
            // HTTP libraries and proxies may drop a header without a value. The store would then compute another
            // signature.
            if (!value.isEmpty() && size <= room && result.putIfAbsent(name, value) == null) {
                room -= size;
            }
        }
        return result;
    }

    /** Lower-case letters, digits and underscores, with no digit first. Azure ignores the case of names. */
    private static String identifier(String name) {
        String plain = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_]", "_");
        return plain.isEmpty() || Character.isDigit(plain.charAt(0)) ? "_" + plain : plain;
    }
}
