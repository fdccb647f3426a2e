package dev.narwhal.destination.s3;

import dev.narwhal.destination.DeliveryJob;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/**
 * An object as the store describes it.
 *
 * @param length bytes
 * @param crc32 in S3's notation: the CRC32 of the whole object, or the CRC32 over its parts' CRC32s with a dash and the
 *     number of parts; null when the store reports none
 * @param etag without quotes; empty when the store reports none
 * @param metadata the user metadata
 */
record StoredObject(long length, @Nullable String crc32, String etag, Map<String, String> metadata) {

    static StoredObject of(HeadObjectResponse answer) {
        return new StoredObject(
                answer.contentLength(), answer.checksumCRC32(), S3Etags.unquoted(answer.eTag()), answer.metadata());
    }

    static StoredObject of(GetObjectResponse answer) {
        return new StoredObject(
                answer.contentLength(), answer.checksumCRC32(), S3Etags.unquoted(answer.eTag()), answer.metadata());
    }

    boolean isOf(DeliveryJob job) {
        // Some stores change the case of metadata names.
        return metadata.entrySet().stream()
                .anyMatch(entry -> entry.getKey().equalsIgnoreCase(S3Headers.UPLOAD_ID)
                        && entry.getValue().equals(job.uploadId()));
    }
}
