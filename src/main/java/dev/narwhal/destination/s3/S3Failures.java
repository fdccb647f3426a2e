package dev.narwhal.destination.s3;

import dev.narwhal.destination.DestinationException;
import dev.narwhal.destination.DestinationException.Failure;
import dev.narwhal.destination.s3.StallGuard.StalledException;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Classifies errors of S3. No other class does. */
final class S3Failures {

    /** Codes with a 4xx status after which a retry may succeed: a slow request, a busy object, bytes damaged in transit. */
    private static final Set<String> TRANSIENT = Set.of(
            "RequestTimeout",
            "SlowDown",
            "SlowDownWrite",
            "BadDigest",
            "InvalidDigest",
            "XAmzContentChecksumMismatch",
            "XAmzContentSHA256Mismatch",
            "IncompleteBody",
            "OperationAborted",
            "ConditionalRequestConflict",
            "NoSuchUpload",
            "InvalidPart",
            "InvalidPartOrder");

    /** Codes, with any status, after which no delivery to this destination succeeds until an operator acts. */
    private static final Set<String> DESTINATION = Set.of(
            "NoSuchBucket",
            "RequestTimeTooSkewed",
            "AuthorizationHeaderMalformed",
            "ExpiredToken",
            "InvalidToken",
            "TokenRefreshRequired",
            "InvalidBucketName",
            "IllegalLocationConstraintException",
            "QuotaExceeded");

    /** Codes, with any status, by which the store refuses the value of a setting, for each object. Values: the settings. */
    private static final Map<String, String> REFUSED_SETTINGS = Map.of(
            "InvalidStorageClass", "storage-class",
            "AccessControlListNotSupported", "acl",
            "InvalidTag", "tags",
            "InvalidEncryptionAlgorithmError", "encryption",
            "NotImplemented", "storage-class, encryption, acl, tags, checksums, conditional-writes");

    private static final String KMS = "KMS.";

    private S3Failures() {}

    /**
     * Adds a message and a class to an error of the SDK.
     *
     * @param prefix of the settings, one of which the store may refuse
     * @param action the beginning of the message: what has failed
     */
    static DestinationException classify(String prefix, String action, SdkException cause) {
        return new DestinationException(
                failureOf(cause),
                action + ": " + reason(prefix, cause),
                cause,
                S3RetryAfter.of(cause).orElse(null));
    }

    private static Failure failureOf(SdkException cause) {
        if (cause instanceof S3Exception e) {
            return failureOf(e.statusCode(), code(e));
        }
        if (causes(cause).anyMatch(S3Failures::isHeadTooLong)) {
            return Failure.FINAL;
        }
        // The SDK has no class of its own for missing credentials or a missing region.
        String message = String.valueOf(cause.getMessage());
        return cause instanceof SdkClientException
                        && (message.contains("Unable to load credentials") || message.contains("Unable to load region"))
                ? Failure.DESTINATION
                : Failure.RETRYABLE;
    }

    private static Failure failureOf(int status, String code) {
        if (DESTINATION.contains(code) || refusedSetting(status, code).isPresent()) {
            return Failure.DESTINATION;
        }
        // A 400 without a code comes from HEAD, after a GET that did not fail with 400.
        boolean bare = status == 400 && code.isEmpty();
        if (bare || status >= 500 || status == 408 || status == 429 || status < 300 || TRANSIENT.contains(code)) {
            return Failure.RETRYABLE;
        }
        // 403: credentials or permissions. 3xx: a bucket in another region. 404 without a code: no bucket.
        return status < 400 || status == 401 || status == 403 || status == 404 ? Failure.DESTINATION : Failure.FINAL;
    }

    private static Optional<String> refusedSetting(int status, String code) {
        if (code.startsWith(KMS)) {
            return Optional.of("encryption, kms-key-id");
        }
        return Optional.ofNullable(REFUSED_SETTINGS.get(isUnknown(status, code) ? "NotImplemented" : code));
    }

    private static String reason(String prefix, SdkException cause) {
        if (cause instanceof S3Exception e) {
            String setting = refusedSetting(e.statusCode(), code(e))
                    .map(names -> " (settings of " + prefix + ": " + names + ")")
                    .orElse("");
            String said = e.awsErrorDetails() == null
                    ? String.valueOf(e.getMessage())
                    : e.statusCode() + " " + code(e) + ", "
                            + e.awsErrorDetails().errorMessage();
            return said + setting;
        }
        return String.valueOf(cause.getMessage());
    }

    /**
     * True when the SDK should retry within the same request. False when the store sent Retry-After, and when the request
     * stalled: then the part releases its permits, and the next attempt of the delivery retries.
     */
    static boolean isWorthAnotherTryAtOnce(Throwable failure) {
        if (failure instanceof SdkServiceException e) {
            boolean busy = e.statusCode() >= 500 && e.statusCode() != 501 || isThrottled(e);
            return e.isClockSkewException() || busy && S3RetryAfter.of(e).isEmpty();
        }
        return failure instanceof SdkClientException
                && !(failure instanceof AbortedException)
                && causes(failure).anyMatch(IOException.class::isInstance)
                && causes(failure).noneMatch(StalledException.class::isInstance)
                && causes(failure).noneMatch(S3Failures::isHeadTooLong);
    }

    /** True when the response head is longer than the SDK's HTTP client reads. A retry gets the same headers. */
    private static boolean isHeadTooLong(Throwable cause) {
        return cause.getClass().getSimpleName().equals("MessageConstraintException");
    }

    private static Stream<Throwable> causes(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause);
    }

    static boolean isThrottled(Throwable failure) {
        return failure instanceof SdkServiceException e && e.isThrottlingException();
    }

    /** True when the store refused the request because of its condition: the key is taken, or the ETag differs. */
    static boolean isTaken(SdkException cause) {
        return cause instanceof S3Exception e && e.statusCode() == 412;
    }

    /**
     * True when the multipart upload cannot be completed any more: the store does not know it, has other parts than the
     * journal, or reports a conflict with another write.
     */
    static boolean isMultipartLost(SdkException cause) {
        return isMultipartUnknown(cause)
                || cause instanceof S3Exception e
                        && (e.statusCode() == 409
                                || code(e).equals("InvalidPart")
                                || code(e).equals("InvalidPartOrder"));
    }

    /** True when the store does not know the multipart upload, or the object. False when the bucket is missing. */
    static boolean isMultipartUnknown(SdkException cause) {
        return cause instanceof S3Exception e && e.statusCode() == 404 && !code(e).equals("NoSuchBucket");
    }

    /** True when the store may have performed the request, although the response was an error or got lost. */
    static boolean isOutcomeUnknown(SdkException cause) {
        return !(cause instanceof S3Exception e) || e.statusCode() >= 500 || e.statusCode() < 300;
    }

    /** True when the store does not support a header or an operation. Google's store answers ExcessHeaderValues. */
    static boolean isNotImplemented(SdkException cause) {
        return cause instanceof S3Exception e && isUnknown(e.statusCode(), code(e));
    }

    private static boolean isUnknown(int status, String code) {
        return status == 501 || status == 405 || code.equals("ExcessHeaderValues");
    }

    static boolean isBadRequest(SdkException cause) {
        return cause instanceof S3Exception e && e.statusCode() == 400;
    }

    static String code(S3Exception e) {
        return e.awsErrorDetails() == null || e.awsErrorDetails().errorCode() == null
                ? ""
                : e.awsErrorDetails().errorCode();
    }
}
