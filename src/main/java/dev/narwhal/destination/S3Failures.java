package dev.narwhal.destination;

import dev.narwhal.destination.DestinationException.Failure;
import java.util.Set;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
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
            "AuthorizationHeaderMalformed",
            "ExpiredToken",
            "InvalidToken",
            "TokenRefreshRequired",
            "InvalidBucketName",
            "IllegalLocationConstraintException",
            "KMS.DisabledException",
            "KMS.NotFoundException");

    private S3Failures() {}

    /** A sentence and a class for an error of the SDK; {@code action} says what was being done. */
    static DestinationException classify(String action, SdkException cause) {
        return new DestinationException(failureOf(cause), action + ": " + reason(cause), cause);
    }

    private static Failure failureOf(SdkException cause) {
        if (cause instanceof S3Exception e) {
            return failureOf(e.statusCode(), code(e));
        }
        // The SDK has no class of its own for missing credentials or a missing region.
        String message = String.valueOf(cause.getMessage());
        return cause instanceof SdkClientException
                        && (message.contains("Unable to load credentials") || message.contains("Unable to load region"))
                ? Failure.DESTINATION
                : Failure.RETRYABLE;
    }

    private static Failure failureOf(int status, String code) {
        if (DESTINATION.contains(code)) {
            return Failure.DESTINATION;
        }
        // A bare 400 is a HEAD's: its answers have no body, so an expired token is told from nothing else.
        boolean bare = status == 400 && code.isEmpty();
        if (bare || status >= 500 || status == 408 || status == 429 || status < 300 || TRANSIENT.contains(code)) {
            return Failure.RETRYABLE;
        }
        // 403 covers credentials, permissions and a skewed clock; 3xx a bucket in another region; a bare 404 its
        // absence.
        return status < 400 || status == 401 || status == 403 || status == 404 ? Failure.DESTINATION : Failure.FINAL;
    }

    private static String reason(SdkException cause) {
        if (cause instanceof S3Exception e && e.awsErrorDetails() != null) {
            return e.statusCode() + " " + code(e) + ", " + e.awsErrorDetails().errorMessage();
        }
        return String.valueOf(cause.getMessage());
    }

    /** The key exists and the request asked that it should not. */
    static boolean isTaken(SdkException cause) {
        return cause instanceof S3Exception e && e.statusCode() == 412;
    }

    /** The multipart upload is of no use any more: unknown, in conflict with another write, or not the parts we know. */
    static boolean isMultipartLost(SdkException cause) {
        return cause instanceof S3Exception e
                && (e.statusCode() == 404 && !code(e).equals("NoSuchBucket")
                        || e.statusCode() == 409
                        || code(e).equals("InvalidPart")
                        || code(e).equals("InvalidPartOrder"));
    }

    /** The store may have done what it was asked, although the answer is an error or has not come. */
    static boolean isOutcomeUnknown(SdkException cause) {
        return !(cause instanceof S3Exception e) || e.statusCode() >= 500 || e.statusCode() < 300;
    }

    /** The store does not know a header or a call. */
    static boolean isNotImplemented(SdkException cause) {
        return cause instanceof S3Exception e && (e.statusCode() == 501 || e.statusCode() == 405);
    }

    static boolean isNotFound(SdkException cause) {
        return cause instanceof S3Exception e && e.statusCode() == 404;
    }

    static boolean isBadRequest(SdkException cause) {
        return cause instanceof S3Exception e && e.statusCode() == 400;
    }

    static String code(S3Exception e) {
        return e.awsErrorDetails() == null
                ? ""
                : String.valueOf(e.awsErrorDetails().errorCode());
    }
}
