package dev.narwhal.destination.s3;

import dev.narwhal.destination.DeliveryJob;
import dev.narwhal.destination.parts.ObjectHeaders;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.Tag;
import software.amazon.awssdk.services.s3.model.Tagging;

/**
 * The attributes of a new object: headers and metadata from its upload; storage class, encryption, ACL and tags from the
 * settings. PutObject and CreateMultipartUpload get the same attributes.
 */
final class S3Attributes {

    private final S3Properties settings;
    private final @Nullable Tagging tagging;

    S3Attributes(S3Properties settings) {
        this.settings = settings;
        this.tagging = tagging(settings.tags());
    }

    private static @Nullable Tagging tagging(Map<String, String> tags) {
        if (tags.isEmpty()) {
            return null;
        }
        return Tagging.builder()
                .tagSet(tags.entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(tag -> Tag.builder()
                                .key(tag.getKey())
                                .value(tag.getValue())
                                .build())
                        .toList())
                .build();
    }

    PutObjectRequest.Builder put(DeliveryJob job) {
        PutObjectRequest.Builder request = PutObjectRequest.builder()
                .bucket(settings.bucket())
                .key(job.key())
                .contentType(ObjectHeaders.contentType(job.contentType()))
                .contentDisposition(ObjectHeaders.contentDisposition(job.filename()))
                .metadata(S3Headers.metadata(job))
                .storageClass(settings.storageClass())
                .serverSideEncryption(encryption())
                .ssekmsKeyId(settings.kmsKeyId())
                .bucketKeyEnabled(settings.bucketKey())
                .acl(acl());
        return tagging == null ? request : request.tagging(tagging);
    }

    CreateMultipartUploadRequest.Builder create(DeliveryJob job) {
        CreateMultipartUploadRequest.Builder request = CreateMultipartUploadRequest.builder()
                .bucket(settings.bucket())
                .key(job.key())
                .contentType(ObjectHeaders.contentType(job.contentType()))
                .contentDisposition(ObjectHeaders.contentDisposition(job.filename()))
                .metadata(S3Headers.metadata(job))
                .storageClass(settings.storageClass())
                .serverSideEncryption(encryption())
                .ssekmsKeyId(settings.kmsKeyId())
                .bucketKeyEnabled(settings.bucketKey())
                .acl(acl());
        return tagging == null ? request : request.tagging(tagging);
    }

    private @Nullable String encryption() {
        return Optional.ofNullable(settings.encryption())
                .map(S3Properties.Encryption::wireName)
                .orElse(null);
    }

    private @Nullable String acl() {
        return Optional.ofNullable(settings.acl())
                .map(S3Properties.Acl::wireName)
                .orElse(null);
    }
}
