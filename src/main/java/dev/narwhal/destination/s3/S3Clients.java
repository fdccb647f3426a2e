package dev.narwhal.destination.s3;

import dev.narwhal.destination.s3.S3Properties.BodySigning;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.StandardRetryStrategy;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.BucketAlreadyOwnedByYouException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Creates clients from a destination's settings, and checks the bucket before the first delivery. */
final class S3Clients {

    private static final Logger log = LoggerFactory.getLogger(S3Clients.class);

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    /** The start of the server waits no longer for a store that does not respond. */
    private static final Duration BUCKET_CHECK_TIMEOUT = Duration.ofSeconds(10);

    /** Few and fast, because a part holds its permits meanwhile. The delivery itself retries for days. */
    private static final int TRIES = 3;

    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    private final String prefix;
    private final S3Properties settings;

    /** @param prefix of the settings, for messages: {@code narwhal.destination.s3} */
    S3Clients(String prefix, S3Properties settings) {
        this.prefix = prefix;
        this.settings = settings;
    }

    /** The client for deliveries. It aborts stalled requests. */
    S3Client writer(int connections) {
        return writerBuilder(connections).build();
    }

    S3ClientBuilder writerBuilder(int connections) {
        SdkHttpClient.Builder<?> http = http(connections).socketTimeout(settings.completeTimeout());
        return builder()
                .httpClientBuilder(new StallGuard.Builder(
                        http,
                        request -> isCompletion(request) ? settings.completeTimeout() : settings.requestTimeout()));
    }

    /** True for CompleteMultipartUpload. A store may send nothing while it assembles a large object. */
    private static boolean isCompletion(SdkHttpRequest request) {
        return request.method() == SdkHttpMethod.POST
                && request.rawQueryParameters().containsKey("uploadId");
    }

    /** The client for downloads. It allows pauses between reads of any length: the downloading client sets the pace. */
    S3Client reader(int connections) {
        return builder()
                .httpClientBuilder(http(connections).socketTimeout(settings.requestTimeout()))
                .build();
    }

    private Apache5HttpClient.Builder http(int connections) {
        Apache5HttpClient.Builder http =
                Apache5HttpClient.builder().maxConnections(connections).connectionTimeout(CONNECT_TIMEOUT);
        if (settings.caCertificate() != null) {
            var trusted = S3Trust.systemAnd(settings.caCertificate(), prefix + ".ca-certificate");
            http.tlsTrustManagersProvider(() -> trusted);
        }
        return http;
    }

    private S3ClientBuilder builder() {
        BodySigning signing = S3Signing.of(settings);
        S3ClientBuilder builder = S3Client.builder()
                .forcePathStyle(settings.pathStyle())
                .serviceConfiguration(c -> c.chunkedEncodingEnabled(signing == BodySigning.CHUNKS))
                // The server computes the checksums itself. The SDK's checksums would add a trailer that not every
                // store supports.
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .overrideConfiguration(c -> c.retryStrategy(retries()));
        if (signing == BodySigning.NONE) {
            builder.putAuthScheme(new S3UnsignedBodies());
        }
        if (settings.endpoint() != null) {
            builder.endpointOverride(settings.endpoint());
        }
        if (settings.region() != null) {
            builder.region(Region.of(settings.region()));
        } else if (settings.endpoint() != null) {
            builder.region(Region.US_EAST_1);
        }
        if (settings.anonymous()) {
            builder.credentialsProvider(AnonymousCredentialsProvider.create());
        } else if (settings.accessKey() != null && settings.secretKey() != null) {
            builder.credentialsProvider(StaticCredentialsProvider.create(
                    AwsBasicCredentials.create(settings.accessKey(), settings.secretKey())));
        }
        return builder;
    }

    private static RetryStrategy retries() {
        BackoffStrategy pauses = BackoffStrategy.exponentialDelay(FIRST_PAUSE, LONGEST_PAUSE);
        return StandardRetryStrategy.builder()
                .maxAttempts(TRIES)
                .backoffStrategy(pauses)
                .throttlingBackoffStrategy(pauses)
                .treatAsThrottling(S3Failures::isThrottled)
                .retryOnException(S3Failures::isWorthAnotherTryAtOnce)
                .useClientDefaults(false)
                .circuitBreakerEnabled(false)
                .build();
    }

    /**
     * Checks the bucket, and fails only if it is certainly wrong. If the store does not respond, or forbids the check, the
     * server starts all the same: it accepts uploads, and retries deliveries until they succeed.
     *
     * @throws IllegalStateException with a sentence, when the bucket does not exist and cannot be created, or is in another
     *     region
     */
    void requireBucket(S3Client client, String bucket) {
        try {
            client.headBucket(r -> r.bucket(bucket).overrideConfiguration(c -> c.apiCallTimeout(BUCKET_CHECK_TIMEOUT)));
        } catch (S3Exception e) {
            if (e.statusCode() == 404 && settings.createBucket()) {
                createBucket(client, bucket);
            } else if (e.statusCode() == 404) {
                throw new IllegalStateException(
                        "There is no bucket '" + bucket + "' (" + prefix + ".bucket); make it, or set " + prefix
                                + ".create-bucket=true",
                        e);
            } else if (e.statusCode() >= 300 && e.statusCode() < 400) {
                throw new IllegalStateException(
                        "The bucket '" + bucket + "' is in another region than " + prefix + ".region", e);
            } else {
                warn(bucket, e);
            }
        } catch (SdkException e) {
            warn(bucket, e);
        }
    }

    private void createBucket(S3Client client, String bucket) {
        try {
            client.createBucket(r -> r.bucket(bucket));
            log.info("destination.bucket-created bucket={}", bucket);
        } catch (BucketAlreadyOwnedByYouException e) {
            log.debug("destination.bucket-created bucket={} by somebody else at the same time", bucket);
        } catch (SdkException e) {
            throw new IllegalStateException(
                    S3Failures.classify(prefix, "The bucket '" + bucket + "' could not be created", e)
                            .getMessage(),
                    e);
        }
    }

    private void warn(String bucket, SdkException e) {
        log.warn(
                "destination.unchecked bucket={} {}",
                bucket,
                S3Failures.classify(prefix, "the bucket could not be looked at", e)
                        .getMessage());
    }
}
