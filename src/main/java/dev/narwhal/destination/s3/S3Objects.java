package dev.narwhal.destination.s3;

import dev.narwhal.destination.ContentSource;
import dev.narwhal.destination.DeliveryJob;
import dev.narwhal.destination.PartPlan;
import dev.narwhal.destination.SentPart;
import dev.narwhal.destination.parts.Crc32s;
import dev.narwhal.destination.parts.Md5s;
import dev.narwhal.destination.parts.ObjectHeaders;
import dev.narwhal.destination.parts.PartInputStream;
import dev.narwhal.destination.s3.S3Multipart.Checksums;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.SdkServiceClientConfiguration;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.ChecksumType;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListPartsResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.Part;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;

/**
 * The S3 requests of a delivery to one bucket, limited to the features that the store supports ({@link S3Dialect}). Throws the
 * SDK's own errors, unclassified.
 */
final class S3Objects {

    /** 5 GiB in bytes: S3's limit for a part, and for an object from PutObject. 10,000 such parts are 48.8 TiB. */
    static final long MAX_PART_SIZE = 5L << 30;

    private final S3Client client;
    private final String bucket;
    private final S3Attributes attributes;
    private final S3Dialect dialect;

    S3Objects(S3Client client, String bucket, S3Properties settings) {
        this.client = client;
        this.bucket = bucket;
        this.attributes = new S3Attributes(settings);
        this.dialect = new S3Dialect(bucket, settings);
    }

    S3Dialect dialect() {
        return dialect;
    }

    String bucket() {
        return bucket;
    }

    /**
     * The object at the key, by HEAD. A response that was cut off between two headers looks like a complete response with
     * fewer headers: {@link #get} is certain.
     */
    Optional<StoredObject> head(String key) {
        try {
            HeadObjectResponse answer =
                    client.headObject(r -> r.bucket(bucket).key(key).checksumMode(mode()));
            return Optional.of(StoredObject.of(whole(answer, answer.contentLength())));
        } catch (NoSuchKeyException e) {
            return Optional.empty();
        } catch (S3Exception e) {
            throw e.statusCode() == 400 || e.statusCode() == 403 ? explained(key, e) : e;
        }
    }

    /** The object at the key, by GET. The body follows the headers, so its first byte proves that all headers have come. */
    Optional<StoredObject> get(String key) throws IOException {
        try (ResponseInputStream<GetObjectResponse> body =
                client.getObject(r -> r.bucket(bucket).key(key).checksumMode(mode()))) {
            GetObjectResponse answer = body.response();
            if (whole(answer.contentLength(), answer.contentLength()) > 0 && body.read() < 0) {
                throw cutOff();
            }
            body.abort();
            return Optional.of(StoredObject.of(answer));
        } catch (NoSuchKeyException e) {
            return Optional.empty();
        }
    }

    /** Null for a store without checksums: it may refuse the request for them. */
    private @Nullable ChecksumMode mode() {
        return dialect.best() == Checksums.MD5 ? null : ChecksumMode.ENABLED;
    }

    /** Returns the answer, or throws if {@code required}, which each complete answer has, is missing. */
    private static <T> T whole(T answer, @Nullable Object required) {
        if (required == null) {
            throw cutOff();
        }
        return answer;
    }

    private static SdkException cutOff() {
        return SdkClientException.create("The store's answer was cut off");
    }

    /**
     * A response to HEAD has no body, so it does not say whether the request was bad or the credentials have expired. Asks
     * again by GET, whose response has the code.
     */
    private S3Exception explained(String key, S3Exception bare) {
        try (var body = client.getObject(r -> r.bucket(bucket).key(key).range("bytes=0-0"))) {
            body.abort();
            return bare;
        } catch (S3Exception e) {
            return e.statusCode() == bare.statusCode() ? e : bare;
        } catch (SdkException | IOException e) {
            return bare;
        }
    }

    /**
     * Sends the whole object by PutObject.
     *
     * @param ifNoneMatch value of If-None-Match: the store answers 412 when the key is taken; null to replace the object
     */
    void put(DeliveryJob job, ContentSource content, @Nullable String ifNoneMatch) throws IOException {
        boolean md5 = dialect.best() == Checksums.MD5;
        try {
            put(job, content, ifNoneMatch, md5);
        } catch (SdkException e) {
            if (md5 || !S3Failures.isNotImplemented(e)) {
                throw e;
            }
            put(job, content, ifNoneMatch, true);
            dialect.degrade(Checksums.MD5);
        }
    }

    private void put(DeliveryJob job, ContentSource content, @Nullable String ifNoneMatch, boolean md5)
            throws IOException {
        PutObjectRequest.Builder request = attributes.put(job).ifNoneMatch(ifNoneMatch);
        if (md5) {
            request.contentMD5(Md5s.base64(content, 0, job.length()));
        } else {
            request.checksumCRC32(Crc32s.encode(Crc32s.of(content, 0, job.length())));
        }
        client.putObject(request.build(), body(content, 0, job.length()));
    }

    S3Multipart create(DeliveryJob job) {
        for (Checksums checksums : Checksums.values()) {
            if (checksums.compareTo(dialect.best()) < 0) {
                continue;
            }
            try {
                S3Multipart created = create(job, checksums);
                dialect.degrade(checksums);
                return created;
            } catch (SdkException e) {
                boolean refused = S3Failures.isNotImplemented(e) || S3Failures.isBadRequest(e);
                if (!refused || checksums == Checksums.MD5) {
                    throw e;
                }
            }
        }
        throw new IllegalStateException("No way to check parts is left");
    }

    private S3Multipart create(DeliveryJob job, Checksums checksums) {
        CreateMultipartUploadRequest.Builder request =
                attributes.create(job).overrideConfiguration(c -> c.addPlugin(S3Objects::once));
        if (checksums != Checksums.MD5) {
            request.checksumAlgorithm(ChecksumAlgorithm.CRC32);
        }
        if (checksums == Checksums.FULL_OBJECT) {
            request.checksumType(ChecksumType.FULL_OBJECT);
        }
        CreateMultipartUploadResponse created = client.createMultipartUpload(request.build());
        var answer = whole(created, created.uploadId());
        // A store that does not echo the type has ignored it, and computes a composite checksum.
        boolean ignored = checksums == Checksums.FULL_OBJECT && answer.checksumType() != ChecksumType.FULL_OBJECT;
        return new S3Multipart(answer.uploadId(), ignored ? Checksums.COMPOSITE : checksums);
    }

    /** No retries: if the response was lost, a repeated CreateMultipartUpload would leave an orphaned multipart upload. */
    private static void once(SdkServiceClientConfiguration.Builder config) {
        config.overrideConfiguration(c -> c.retryStrategy(AwsRetryStrategy.doNotRetry()));
    }

    /** Sends one part by UploadPart, with a checksum that the store verifies. */
    SentPart send(String key, S3Multipart multipart, PartPlan plan, int number, ContentSource content)
            throws IOException {
        long position = plan.position(number);
        long size = plan.size(number);
        String crc = Crc32s.encode(Crc32s.of(content, position, size));
        UploadPartRequest.Builder request = UploadPartRequest.builder()
                .bucket(bucket)
                .key(key)
                .uploadId(multipart.id())
                .partNumber(number);
        if (multipart.checksums() == Checksums.MD5) {
            request.contentMD5(Md5s.base64(content, position, size));
        } else {
            request.checksumCRC32(crc);
        }
        String etag = client.uploadPart(request.build(), body(content, position, size))
                .eTag();
        return new SentPart(number, size, whole(etag, etag), crc);
    }

    private static RequestBody body(ContentSource content, long position, long size) {
        return RequestBody.fromContentProvider(
                () -> new PartInputStream(content, position, size), size, ObjectHeaders.DEFAULT_CONTENT_TYPE);
    }

    /** All parts of a multipart upload that the store has; empty when it does not know the multipart upload. */
    Optional<List<Part>> parts(String key, String multipartId) {
        List<Part> parts = new ArrayList<>();
        Integer marker = null;
        try {
            while (true) {
                Integer after = marker;
                ListPartsResponse page = client.listParts(
                        r -> r.bucket(bucket).key(key).uploadId(multipartId).partNumberMarker(after));
                parts.addAll(page.parts());
                marker = page.nextPartNumberMarker();
                if (!Boolean.TRUE.equals(page.isTruncated())
                        || marker == null
                        || page.parts().isEmpty()) {
                    return Optional.of(parts);
                }
            }
        } catch (SdkException e) {
            if (S3Failures.isNotImplemented(e)) {
                return Optional.of(List.of()); // The store cannot list parts. The delivery sends all again.
            }
            if (S3Failures.isMultipartUnknown(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /**
     * Makes the object visible by CompleteMultipartUpload.
     *
     * @param ifNoneMatch value of If-None-Match: the store answers 412 when the key is taken; null to replace the object
     */
    void complete(DeliveryJob job, S3Multipart multipart, List<SentPart> parts, @Nullable String ifNoneMatch) {
        CompleteMultipartUploadRequest.Builder request = CompleteMultipartUploadRequest.builder()
                .bucket(bucket)
                .key(job.key())
                .uploadId(multipart.id())
                .multipartUpload(m -> m.parts(
                        parts.stream().map(part -> completed(multipart, part)).toList()));
        if (multipart.checksums() == Checksums.FULL_OBJECT) {
            request.checksumType(ChecksumType.FULL_OBJECT).checksumCRC32(Crc32s.fullObject(job.plan(), parts));
        }
        client.completeMultipartUpload(request.ifNoneMatch(ifNoneMatch).build());
    }

    private static CompletedPart completed(S3Multipart multipart, SentPart part) {
        CompletedPart.Builder completed =
                CompletedPart.builder().partNumber(part.number()).eTag(part.tag());
        return multipart.checksums() == Checksums.MD5
                ? completed.build()
                : completed.checksumCRC32(part.crc32()).build();
    }

    /** Aborts a multipart upload: the store deletes its parts. No-op when the store does not know it. */
    void abort(String key, String multipartId) {
        try {
            client.abortMultipartUpload(r -> r.bucket(bucket).key(key).uploadId(multipartId));
        } catch (SdkException e) {
            if (!S3Failures.isMultipartUnknown(e)) {
                throw e;
            }
        }
    }

    /** The ids of all multipart uploads under exactly this key. */
    List<String> multipartIds(String key) {
        return client.listMultipartUploadsPaginator(r -> r.bucket(bucket).prefix(key)).stream()
                .flatMap(page -> whole(page, page.bucket()).uploads().stream())
                .filter(upload -> upload.key().equals(key))
                .map(MultipartUpload::uploadId)
                .toList();
    }

    /**
     * Deletes the object if it still has this ETag. Deletes it unconditionally if the store does not support that condition.
     * No-op when the object does not exist.
     *
     * @param etag of the object to delete; empty when the store returned none, which means no condition
     */
    void delete(String key, String etag) {
        try {
            client.deleteObject(r -> r.bucket(bucket).key(key).ifMatch(etag.isEmpty() ? null : "\"" + etag + "\""));
        } catch (SdkException e) {
            if (S3Failures.isTaken(e) || S3Failures.isMultipartUnknown(e)) {
                return; // Replaced by another object, or gone.
            }
            if (etag.isEmpty() || !S3Failures.isNotImplemented(e)) {
                throw e;
            }
            client.deleteObject(r -> r.bucket(bucket).key(key));
        }
    }
}
