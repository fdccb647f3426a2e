package dev.narwhal.destination.s3;

import dev.narwhal.destination.DeliveryJob;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/**
 * What a store says of an object.
 *
 * @param length bytes
 * @param crc32 of the whole, or over its parts' with a dash and their number, as S3 writes it; null when it is not known
 * @param etag without quotes; empty when there is none
 * @param metadata the user's
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
