package dev.narwhal.destination;

import java.net.URI;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Where finished files go.
 *
 * @param type {@code directory} or {@code s3}
 * @param keyTemplate an object's key below the destination, made of text and the placeholders {@code {id}},
 *     {@code {filename}}, {@code {owner}}, {@code {yyyy}}, {@code {MM}}, {@code {dd}} and {@code {meta.KEY}}
 * @param metadataKeys keys of the client's Upload-Metadata whose values are kept with the object as its user metadata,
 *     where the destination can
 * @param directory settings of the type {@code directory}
 * @param s3 settings of the type {@code s3}
 */
@ConfigurationProperties("narwhal.destination")
public record DestinationProperties(
        @DefaultValue("directory") Type type,
        @DefaultValue("uploads/{id}/{filename}") String keyTemplate,
        @DefaultValue List<String> metadataKeys,
        @DefaultValue Directory directory,
        @DefaultValue S3 s3) {

    /** Kinds of destination. */
    public enum Type {
        DIRECTORY,
        S3
    }

    /**
     * Files in a directory.
     *
     * @param path made if it is not there; on the file system of the staging area files are linked, not copied; required
     *     for a destination that has a name
     * @param reserve free space that copies leave to others; links need none
     */
    public record Directory(
            @Nullable Path path, @DefaultValue("256MB") DataSize reserve) {

        public Directory {
            if (reserve.isNegative()) {
                throw invalid("directory.reserve", reserve.toString(), "a size from 0B on");
            }
        }
    }

    /**
     * A bucket of S3 or of a store that speaks its protocol. What is not set, the AWS SDK looks for in its usual places
     * (environment, profile, instance role).
     *
     * @param bucket required for the type {@code s3}
     * @param region the bucket's; us-east-1 where only an endpoint is given
     * @param endpoint URL of a store other than AWS
     * @param accessKey together with {@code secretKey}
     * @param secretKey together with {@code accessKey}
     * @param pathStyle true for stores that have the bucket in the path: MinIO
     * @param createBucket true to make the bucket at the start when it is not there
     */
    public record S3(
            @Nullable String bucket,
            @Nullable String region,
            @Nullable URI endpoint,
            @Nullable String accessKey,
            @Nullable String secretKey,
            @DefaultValue("false") boolean pathStyle,
            @DefaultValue("false") boolean createBucket) {

        public S3 {
            bucket = blankToNull(bucket);
            region = blankToNull(region);
            accessKey = blankToNull(accessKey);
            secretKey = blankToNull(secretKey);
            if (endpoint != null && endpoint.toString().isBlank()) {
                endpoint = null;
            }
            if (endpoint != null && !isHttp(endpoint)) {
                throw invalid("s3.endpoint", endpoint.toString(), "a URL with http:// or https:// and a host");
            }
            if ((accessKey == null) != (secretKey == null)) {
                String missing = accessKey == null ? "access-key" : "secret-key";
                throw invalid("s3." + missing, "", "access-key and secret-key together, or neither");
            }
        }

        private static @Nullable String blankToNull(@Nullable String text) {
            return text == null || text.isBlank() ? null : text.strip();
        }

        private static boolean isHttp(URI endpoint) {
            return Set.of("http", "https")
                            .contains(String.valueOf(endpoint.getScheme()).toLowerCase(Locale.ROOT))
                    && endpoint.getHost() != null;
        }

        /** Without the secret: records print all they hold. */
        @Override
        public String toString() {
            return "S3[bucket=" + bucket + ", region=" + region + ", endpoint=" + endpoint + ", pathStyle=" + pathStyle
                    + ", createBucket=" + createBucket + "]";
        }
    }

    public DestinationProperties {
        if (keyTemplate.isBlank()) {
            throw invalid("key-template", keyTemplate, "text with placeholders such as {id} and {filename}");
        }
        metadataKeys = List.copyOf(metadataKeys);
        Set<String> names = new HashSet<>();
        for (String key : metadataKeys) {
            boolean reserved = key.equalsIgnoreCase(S3Headers.UPLOAD_ID);
            if (reserved || !key.matches("[A-Za-z0-9._-]{1,128}") || !names.add(key.toLowerCase(Locale.ROOT))) {
                throw invalid(
                        "metadata-keys",
                        key,
                        "different names of 1 to 128 letters, digits, '.', '_' and '-', but not "
                                + S3Headers.UPLOAD_ID);
            }
        }
        if (type == Type.S3 && s3.bucket() == null) {
            throw invalid("s3.bucket", "", "the name of a bucket, since narwhal.destination.type is s3");
        }
    }

    private static IllegalArgumentException invalid(String property, String value, String allowed) {
        return new IllegalArgumentException(
                "narwhal.destination." + property + " is '" + value + "'; allowed: " + allowed);
    }
}
