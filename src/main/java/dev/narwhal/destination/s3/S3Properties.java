package dev.narwhal.destination.s3;

import dev.narwhal.destination.PartPlan;
import dev.narwhal.destination.s3.S3Multipart.Checksums;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * A bucket of S3 or of a store with the S3 protocol. If credentials or the region are not set, the AWS SDK looks for them in
 * its usual places (environment, profile, instance role). For other settings the bucket's configuration applies.
 *
 * @param bucket required for the type {@code s3}
 * @param region of the bucket; us-east-1 if only an endpoint is set
 * @param endpoint URL of a store other than AWS
 * @param accessKey together with {@code secretKey}
 * @param secretKey together with {@code accessKey}
 * @param anonymous true for requests without a signature
 * @param pathStyle true for stores whose URLs have the bucket in the path, such as MinIO
 * @param createBucket true to create a missing bucket at the start
 * @param caCertificate PEM file of certificates to trust in addition to the system's
 * @param requestTimeout how long a request may make no progress, 100 ms to 1 h
 * @param completeTimeout how long the store may take for CompleteMultipartUpload, 1 s to 1 d
 * @param partSize the smallest size of a part, 5 MB to 5 GB; large files have larger parts
 * @param checksums the best checksums that the server asks for
 * @param conditionalWrites whether the server sends If-None-Match when it writes an object
 * @param bodySigning which bytes of a body the server signs over plain HTTP
 * @param storageClass of new objects, such as STANDARD_IA
 * @param encryption of new objects by the store
 * @param kmsKeyId id of the KMS key that encrypts new objects
 * @param bucketKey true to let S3 use a bucket key, which saves requests to KMS
 * @param acl canned access control list of new objects
 * @param tags of new objects, at most 10
 */
public record S3Properties(
        @Nullable String bucket,
        @Nullable String region,
        @Nullable URI endpoint,
        @Nullable String accessKey,
        @Nullable String secretKey,
        @DefaultValue("false") boolean anonymous,
        @DefaultValue("false") boolean pathStyle,
        @DefaultValue("false") boolean createBucket,
        @Nullable Path caCertificate,
        @DefaultValue("30s") Duration requestTimeout,
        @DefaultValue("10m") Duration completeTimeout,
        @DefaultValue("16MB") DataSize partSize,
        @DefaultValue("auto") BestChecksums checksums,
        @DefaultValue("auto") ConditionalWrites conditionalWrites,
        @DefaultValue("auto") BodySigning bodySigning,
        @Nullable String storageClass,
        @Nullable Encryption encryption,
        @Nullable String kmsKeyId,
        @Nullable Boolean bucketKey,
        @Nullable Acl acl,
        @DefaultValue Map<String, String> tags) {

    private static final int MOST_TAGS = 10;

    /** The best checksums that the server asks for. If the store refuses them, the server uses the next weaker ones. */
    public enum BestChecksums {
        /** The best that the store supports. */
        AUTO,
        /** A CRC32 for each part, and the store's CRC32 over these, as R2 supports it. */
        COMPOSITE,
        /** Only Content-MD5, for stores that do not refuse newer checksums with "not implemented" but with another error. */
        MD5;

        Checksums first() {
            return switch (this) {
                case AUTO -> Checksums.FULL_OBJECT;
                case COMPOSITE -> Checksums.COMPOSITE;
                case MD5 -> Checksums.MD5;
            };
        }
    }

    /** Whether the request that makes an object visible carries {@code If-None-Match: *}. */
    public enum ConditionalWrites {
        /** Always. If the store refuses the header, the delivery fails. */
        ON,
        /** Never. The server checks the key before it writes. */
        OFF,
        /** Until the store answers that it does not support the header. */
        AUTO
    }

    /**
     * Which bytes of a body the server signs over plain HTTP. Over HTTPS it does not sign the body. Each body has a checksum
     * in its head.
     */
    public enum BodySigning {
        /** {@link #NONE} for a store at a loopback address, where no other host sees the bytes; else {@link #WHOLE}. */
        AUTO,
        /** Each chunk of 128 KiB while the server sends it. */
        CHUNKS,
        /** The whole body, before the server sends it. */
        WHOLE,
        /** Only the head, which has the body's checksum. */
        NONE
    }

    /** Encryption by the store. */
    public enum Encryption {
        AES256,
        AWS_KMS,
        AWS_KMS_DSSE;

        /** S3's name of the value. */
        String wireName() {
            return this == AES256 ? name() : name().toLowerCase(Locale.ROOT).replace('_', ':');
        }
    }

    /** Canned access control lists of objects. */
    public enum Acl {
        PRIVATE,
        PUBLIC_READ,
        PUBLIC_READ_WRITE,
        AUTHENTICATED_READ,
        AWS_EXEC_READ,
        BUCKET_OWNER_READ,
        BUCKET_OWNER_FULL_CONTROL;

        /** S3's name of the value. */
        String wireName() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    public S3Properties {
        bucket = blankToNull(bucket);
        region = blankToNull(region);
        accessKey = blankToNull(accessKey);
        secretKey = blankToNull(secretKey);
        storageClass = blankToNull(storageClass);
        kmsKeyId = blankToNull(kmsKeyId);
        caCertificate = caCertificate == null || caCertificate.toString().isBlank() ? null : caCertificate;
        endpoint = endpoint == null || endpoint.toString().isBlank() ? null : endpoint;
        tags = Map.copyOf(tags);
        requireEndpoint(endpoint);
        requireCredentials(accessKey, secretKey, anonymous);
        requireBetween("request-timeout", requestTimeout, Duration.ofMillis(100), Duration.ofHours(1), "100ms to 1h");
        requireBetween("complete-timeout", completeTimeout, Duration.ofSeconds(1), Duration.ofDays(1), "1s to 1d");
        requireBetween(
                "part-size",
                partSize,
                DataSize.ofBytes(PartPlan.MIN_PART_SIZE),
                DataSize.ofBytes(S3Objects.MAX_PART_SIZE),
                "5MB to 5GB");
        requireEncryption(encryption, kmsKeyId, bucketKey);
        if (storageClass != null && !storageClass.matches("[A-Z0-9_]{1,64}")) {
            throw invalid("storage-class", storageClass, "a name such as STANDARD_IA");
        }
        requireTags(tags);
    }

    private static @Nullable String blankToNull(@Nullable String text) {
        return text == null || text.isBlank() ? null : text.strip();
    }

    private static void requireEndpoint(@Nullable URI endpoint) {
        if (endpoint != null && !isHttp(endpoint)) {
            throw invalid("endpoint", endpoint.toString(), "a URL with http:// or https:// and a host");
        }
    }

    private static boolean isHttp(URI endpoint) {
        return Set.of("http", "https")
                        .contains(String.valueOf(endpoint.getScheme()).toLowerCase(Locale.ROOT))
                && endpoint.getHost() != null;
    }

    private static void requireCredentials(@Nullable String accessKey, @Nullable String secretKey, boolean anonymous) {
        if ((accessKey == null) != (secretKey == null)) {
            String missing = accessKey == null ? "access-key" : "secret-key";
            throw invalid(missing, "", "access-key and secret-key together, or neither");
        }
        if (anonymous && accessKey != null) {
            throw invalid("anonymous", "true", "false, since there is an access-key");
        }
    }

    private static <T extends Comparable<T>> void requireBetween(
            String property, T value, T least, T most, String allowed) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw invalid(property, value.toString(), allowed);
        }
    }

    private static void requireEncryption(
            @Nullable Encryption encryption, @Nullable String kmsKeyId, @Nullable Boolean bucketKey) {
        boolean kms = encryption != null && encryption != Encryption.AES256;
        if (kmsKeyId != null && !kms) {
            throw invalid("kms-key-id", kmsKeyId, "a key only together with encryption aws:kms or aws:kms:dsse");
        }
        if (bucketKey != null && encryption != Encryption.AWS_KMS) {
            throw invalid("bucket-key", bucketKey.toString(), "a value only together with encryption aws:kms");
        }
    }

    private static void requireTags(Map<String, String> tags) {
        String text = "[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]";
        tags.forEach((key, value) -> {
            if (!key.matches(text + "{1,128}") || !value.matches(text + "{0,256}") || key.startsWith("aws:")) {
                throw invalid(
                        "tags." + key,
                        value,
                        "keys of 1 to 128 and values of 0 to 256 letters, digits, spaces and _.:/=+-@, and none of aws:");
            }
        });
        if (tags.size() > MOST_TAGS) {
            throw invalid("tags", tags.size() + " tags", "at most " + MOST_TAGS);
        }
    }

    private static IllegalArgumentException invalid(String property, String value, String allowed) {
        return new IllegalArgumentException(
                "narwhal.destination.s3." + property + " is '" + value + "'; allowed: " + allowed);
    }

    /** Without the keys: a record's own toString() prints all components. */
    @Override
    public String toString() {
        return "S3Properties[bucket=" + bucket + ", region=" + region + ", endpoint=" + endpoint + ", pathStyle="
                + pathStyle + ", createBucket=" + createBucket + "]";
    }
}
