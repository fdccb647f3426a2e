package dev.narwhal.destination;

import dev.narwhal.destination.S3Multipart.Checksums;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.ChecksumType;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListPartsResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.Part;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;

/**
 * The S3 calls of a delivery, on one bucket, with what stores differ in: which checksums they know, and whether they know
 * {@code If-None-Match}. The best is tried first; what a store refuses is not tried again in this process, once the call
 * has worked without. Errors are the SDK's own, unclassified.
 */
final class S3Objects {

    private static final Logger log = LoggerFactory.getLogger(S3Objects.class);
    private static final String ANY = "*";

    private final S3Client client;
    private final String bucket;
    private volatile Checksums best = Checksums.FULL_OBJECT;
    private volatile boolean conditional = true;

    S3Objects(S3Client client, String bucket) {
        this.client = client;
        this.bucket = bucket;
    }

    String bucket() {
        return bucket;
    }

    Optional<HeadObjectResponse> head(String key) {
        try {
            return Optional.of(client.headObject(r -> r.bucket(bucket).key(key).checksumMode(ChecksumMode.ENABLED)));
        } catch (NoSuchKeyException e) {
            return Optional.empty();
        }
    }

    /** Puts the whole object in one request; 412 when the key is taken and is not to be replaced. */
    void put(DeliveryJob job, ContentSource content) throws IOException {
        Checksums checksums = best == Checksums.MD5 ? Checksums.MD5 : Checksums.COMPOSITE;
        PutObjectRequest.Builder request = PutObjectRequest.builder()
                .bucket(bucket)
                .key(job.key())
                .contentType(S3Headers.contentType(job.contentType()))
                .contentDisposition(S3Headers.contentDisposition(job.filename()))
                .metadata(S3Headers.metadata(job));
        if (checksums == Checksums.MD5) {
            request.contentMD5(Md5s.base64(content, 0, job.length()));
        } else {
            request.checksumCRC32(Crc32s.encode(Crc32s.of(content, 0, job.length())));
        }
        RequestBody body = body(content, 0, job.length());
        try {
            unlessRefused(
                    job,
                    ifNoneMatch ->
                            client.putObject(request.ifNoneMatch(ifNoneMatch).build(), body));
        } catch (SdkException e) {
            if (checksums == Checksums.MD5 || !S3Failures.isNotImplemented(e)) {
                throw e;
            }
            degrade(Checksums.MD5);
            put(job, content);
        }
    }

    S3Multipart create(DeliveryJob job) {
        for (Checksums checksums : Checksums.values()) {
            if (checksums.compareTo(best) < 0) {
                continue;
            }
            try {
                S3Multipart created = create(job, checksums);
                degrade(checksums);
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
        CreateMultipartUploadRequest.Builder request = CreateMultipartUploadRequest.builder()
                .bucket(bucket)
                .key(job.key())
                .contentType(S3Headers.contentType(job.contentType()))
                .contentDisposition(S3Headers.contentDisposition(job.filename()))
                .metadata(S3Headers.metadata(job));
        if (checksums != Checksums.MD5) {
            request.checksumAlgorithm(ChecksumAlgorithm.CRC32);
        }
        if (checksums == Checksums.FULL_OBJECT) {
            request.checksumType(ChecksumType.FULL_OBJECT);
        }
        var answer = client.createMultipartUpload(request.build());
        // A store that does not echo the type has ignored it; the total would be compared with something else.
        boolean ignored = checksums == Checksums.FULL_OBJECT && answer.checksumType() != ChecksumType.FULL_OBJECT;
        return new S3Multipart(answer.uploadId(), ignored ? Checksums.COMPOSITE : checksums);
    }

    private void degrade(Checksums to) {
        if (to.compareTo(best) > 0) {
            best = to;
            log.info("delivery.checksums bucket={} the store refuses better checksums than {}", bucket, to);
        }
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
        return new SentPart(number, size, etag, crc);
    }

    private static RequestBody body(ContentSource content, long position, long size) {
        return RequestBody.fromContentProvider(
                () -> new PartInputStream(content, position, size), size, S3Headers.DEFAULT_CONTENT_TYPE);
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
            if (S3Failures.isNotFound(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Makes the object visible; 412 when the key is taken and is not to be replaced. */
    void complete(DeliveryJob job, S3Multipart multipart, List<SentPart> parts) {
        CompleteMultipartUploadRequest.Builder request = CompleteMultipartUploadRequest.builder()
                .bucket(bucket)
                .key(job.key())
                .uploadId(multipart.id())
                .multipartUpload(m -> m.parts(
                        parts.stream().map(part -> completed(multipart, part)).toList()));
        if (multipart.checksums() == Checksums.FULL_OBJECT) {
            request.checksumType(ChecksumType.FULL_OBJECT).checksumCRC32(Crc32s.fullObject(job.plan(), parts));
        }
        unlessRefused(
                job,
                ifNoneMatch -> client.completeMultipartUpload(
                        request.ifNoneMatch(ifNoneMatch).build()));
    }

    private static CompletedPart completed(S3Multipart multipart, SentPart part) {
        CompletedPart.Builder completed =
                CompletedPart.builder().partNumber(part.number()).eTag(part.etag());
        return multipart.checksums() == Checksums.MD5
                ? completed.build()
                : completed.checksumCRC32(part.checksum()).build();
    }

    /** With {@code If-None-Match: *} unless the job replaces, or the store has refused the header. */
    private void unlessRefused(DeliveryJob job, Function<String, Object> call) {
        boolean conditionally = conditional && job.onConflict() != OnConflict.OVERWRITE;
        try {
            var unused = call.apply(conditionally ? ANY : null);
        } catch (SdkException e) {
            if (!conditionally || !S3Failures.isNotImplemented(e)) {
                throw e;
            }
            var unused = call.apply(null);
            conditional = false;
            log.warn(
                    "delivery.unconditional bucket={} the store refuses If-None-Match: keys are only looked up before an"
                            + " object is written",
                    bucket);
        }
    }

    /** Gives the parts back to the store. No-op when it does not know the multipart upload. */
    void abort(String key, String multipartId) {
        try {
            client.abortMultipartUpload(r -> r.bucket(bucket).key(key).uploadId(multipartId));
        } catch (SdkException e) {
            if (!S3Failures.isNotFound(e)) {
                throw e;
            }
        }
    }

    /** Multipart uploads under exactly this key. */
    List<String> multipartIds(String key) {
        return client.listMultipartUploadsPaginator(r -> r.bucket(bucket).prefix(key)).uploads().stream()
                .filter(upload -> upload.key().equals(key))
                .map(MultipartUpload::uploadId)
                .toList();
    }

    void delete(String key) {
        client.deleteObject(r -> r.bucket(bucket).key(key));
    }
}
