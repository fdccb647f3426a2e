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
 * The S3 calls of a delivery, on one bucket, in the way that the store is known to understand. Errors are the SDK's own,
 * unclassified.
 */
final class S3Objects {

    /** S3: a part has at most 5 GiB, and so has an object that is put at once; with 10,000 parts that is 48.8 TiB. */
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

    /** What is at the key, at a glance: an answer to HEAD that was cut off looks like one that says less. */
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

    /** What is at the key, for sure: an answer that has begun its body has ended its headers. */
    Optional<StoredObject> look(String key) throws IOException {
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

    /** A store that knows no checksums may not know how to be asked for them. */
    private @Nullable ChecksumMode mode() {
        return dialect.best() == Checksums.MD5 ? null : ChecksumMode.ENABLED;
    }

    /** The answer, unless it lacks what every answer of its kind has. */
    private static <T> T whole(T answer, @Nullable Object required) {
        if (required == null) {
            throw cutOff();
        }
        return answer;
    }

    private static SdkException cutOff() {
        return SdkClientException.create("The store's answer was cut off");
    }

    /** An answer to HEAD has no body, so that expired credentials look like any bad request; GET is told the reason. */
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
     * Puts the whole object in one request.
     *
     * @param ifNoneMatch the condition: with one, 412 when the key is taken; null to replace what is there
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
        // A store that does not echo the type has ignored it; the total would be compared with something else.
        boolean ignored = checksums == Checksums.FULL_OBJECT && answer.checksumType() != ChecksumType.FULL_OBJECT;
        return new S3Multipart(answer.uploadId(), ignored ? Checksums.COMPOSITE : checksums);
    }

    /** Sent again after its answer was lost, a creation would leave a multipart upload that nobody knows of. */
    private static void once(SdkServiceClientConfiguration.Builder config) {
        config.overrideConfiguration(c -> c.retryStrategy(AwsRetryStrategy.doNotRetry()));
    }

    /** Sends one part, with the checksum that the store compares with what it received. */
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

    /** What the store has of a multipart upload, all pages; empty when it does not know it. */
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
                return Optional.of(List.of()); // It cannot say what it has: everything is sent again.
            }
            if (S3Failures.isMultipartUnknown(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /**
     * Makes the object visible.
     *
     * @param ifNoneMatch the condition: with one, 412 when the key is taken; null to replace what is there
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

    /** Gives the parts back to the store. No-op when it does not know the multipart upload. */
    void abort(String key, String multipartId) {
        try {
            client.abortMultipartUpload(r -> r.bucket(bucket).key(key).uploadId(multipartId));
        } catch (SdkException e) {
            if (!S3Failures.isMultipartUnknown(e)) {
                throw e;
            }
        }
    }

    /** Multipart uploads under exactly this key. */
    List<String> multipartIds(String key) {
        return client.listMultipartUploadsPaginator(r -> r.bucket(bucket).prefix(key)).stream()
                .flatMap(page -> whole(page, page.bucket()).uploads().stream())
                .filter(upload -> upload.key().equals(key))
                .map(MultipartUpload::uploadId)
                .toList();
    }

    /**
     * Removes the object as it was looked at, as far as the store knows of conditions; one that was replaced since stays. No-op
     * when it is not there.
     *
     * @param etag as the store told it; empty when it did not
     */
    void delete(String key, String etag) {
        try {
            client.deleteObject(r -> r.bucket(bucket).key(key).ifMatch(etag.isEmpty() ? null : "\"" + etag + "\""));
        } catch (SdkException e) {
            if (S3Failures.isTaken(e) || S3Failures.isMultipartUnknown(e)) {
                return; // Another's by now, or gone.
            }
            if (etag.isEmpty() || !S3Failures.isNotImplemented(e)) {
                throw e;
            }
            client.deleteObject(r -> r.bucket(bucket).key(key));
        }
    }
}
