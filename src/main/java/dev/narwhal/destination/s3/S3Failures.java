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

/** What an S3 error says. The one place that decides it. */
final class S3Failures {

    /** 4xx that the same request may survive: the clock of a request, a busy object, damage on the way. */
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

    /** Whatever the status: nothing goes there until somebody mends it. */
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

    /** Whatever the status: the store refuses what these settings ask of it, for this object and for any other. */
    private static final Map<String, String> REFUSED_SETTINGS = Map.of(
            "InvalidStorageClass", "storage-class",
            "AccessControlListNotSupported", "acl",
            "InvalidTag", "tags",
            "InvalidEncryptionAlgorithmError", "encryption",
            "NotImplemented", "storage-class, encryption, acl, tags, checksums, conditional-writes");

    private static final String KMS = "KMS.";

    private S3Failures() {}

    /**
     * A sentence and a class for an error of the SDK.
     *
     * @param prefix of the settings, one of which the store may refuse
     * @param action what was being done
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
        // A bare 400 is a HEAD's, and GET was not refused.
        boolean bare = status == 400 && code.isEmpty();
        if (bare || status >= 500 || status == 408 || status == 429 || status < 300 || TRANSIENT.contains(code)) {
            return Failure.RETRYABLE;
        }
        // 403 covers credentials and permissions; 3xx a bucket in another region; a bare 404 its absence.
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
     * True for what may be over in a moment. A store that names a time is believed, and one that was silent has had its
     * time: both wait for the next attempt of the delivery, outside of the places of parts.
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

    /** The head of the answer is longer than the SDK's HTTP client reads: what the object has in its headers will not change. */
    private static boolean isHeadTooLong(Throwable cause) {
        return cause.getClass().getSimpleName().equals("MessageConstraintException");
    }

    private static Stream<Throwable> causes(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause);
    }

    static boolean isThrottled(Throwable failure) {
        return failure instanceof SdkServiceException e && e.isThrottlingException();
    }

    /** The key exists and the request asked that it should not. */
    static boolean isTaken(SdkException cause) {
        return cause instanceof S3Exception e && e.statusCode() == 412;
    }

    /** The multipart upload is of no use any more: unknown, in conflict with another write, or not the parts we know. */
    static boolean isMultipartLost(SdkException cause) {
        return isMultipartUnknown(cause)
                || cause instanceof S3Exception e
                        && (e.statusCode() == 409
                                || code(e).equals("InvalidPart")
                                || code(e).equals("InvalidPartOrder"));
    }

    /** What was asked for is not there; a missing bucket is something else. */
    static boolean isMultipartUnknown(SdkException cause) {
        return cause instanceof S3Exception e && e.statusCode() == 404 && !code(e).equals("NoSuchBucket");
    }

    /** The store may have done what it was asked, although the answer is an error or has not come. */
    static boolean isOutcomeUnknown(SdkException cause) {
        return !(cause instanceof S3Exception e) || e.statusCode() >= 500 || e.statusCode() < 300;
    }

    /** The store does not know a header or a call. Google's calls a header that it does not know excess. */
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
