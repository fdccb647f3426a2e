package dev.narwhal.destination;

import java.net.URI;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

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
public record S3Properties(
        @Nullable String bucket,
        @Nullable String region,
        @Nullable URI endpoint,
        @Nullable String accessKey,
        @Nullable String secretKey,
        @DefaultValue("false") boolean pathStyle,
        @DefaultValue("false") boolean createBucket) {

    public S3Properties {
        bucket = blankToNull(bucket);
        region = blankToNull(region);
        accessKey = blankToNull(accessKey);
        secretKey = blankToNull(secretKey);
        if (endpoint != null && endpoint.toString().isBlank()) {
            endpoint = null;
        }
        if (endpoint != null && !isHttp(endpoint)) {
            throw DestinationProperties.invalid("s3.endpoint", endpoint.toString(), "a URL with http:// or https:// and a host");
        }
        if ((accessKey == null) != (secretKey == null)) {
            String missing = accessKey == null ? "access-key" : "secret-key";
            throw DestinationProperties.invalid("s3." + missing, "", "access-key and secret-key together, or neither");
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
        return "S3Properties[bucket=" + bucket + ", region=" + region + ", endpoint=" + endpoint + ", pathStyle=" + pathStyle
                + ", createBucket=" + createBucket + "]";
    }
}
