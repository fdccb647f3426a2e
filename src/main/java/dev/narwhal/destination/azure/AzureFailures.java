package dev.narwhal.destination.azure;

import com.azure.core.exception.ClientAuthenticationException;
import com.azure.core.exception.HttpResponseException;
import com.azure.core.http.HttpHeaderName;
import com.azure.storage.blob.models.BlobStorageException;
import dev.narwhal.destination.DestinationException;
import dev.narwhal.destination.DestinationException.Failure;
import java.time.Duration;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What an error of Azure says. The one place that decides it. */
final class AzureFailures {

    static final String NO_CREDENTIALS = "CredentialUnavailable";

    private static final long LONGEST_PAUSE_SECONDS = 3600;

    private static final Pattern MESSAGE = Pattern.compile("<Message>([^<]*)</Message>");

    /** 4xx that the same request may survive: damage on the way, a busy blob, blocks that others have thrown away. */
    private static final Set<String> TRANSIENT = Set.of(
            "Md5Mismatch",
            "InvalidBlockList",
            "InvalidBlobOrBlock",
            "BlockCountExceedsLimit",
            "BlobBeingRehydrated",
            "LeaseIdMissing",
            "LeaseAlreadyPresent",
            "OperationTimedOut",
            "PendingCopyOperation",
            "SystemInUse");

    /** Whatever the status: nothing goes there until somebody mends it. */
    private static final Set<String> DESTINATION = Set.of(
            NO_CREDENTIALS,
            "AccountBeingCreated",
            "AccountIsDisabled",
            "AuthenticationFailed",
            "AuthorizationFailure",
            "BlobAccessTierNotSupportedForAccountType",
            "ContainerBeingDeleted",
            "ContainerDisabled",
            "ContainerNotFound",
            "FeatureVersionMismatch",
            "InvalidAuthenticationInfo",
            "InvalidHeaderValue",
            "InvalidResourceName");

    private AzureFailures() {}

    /** An error of the SDK, with what is needed of it and nothing that could be a secret. */
    static AzureCallException of(RuntimeException error) {
        if (error instanceof BlobStorageException e) {
            String code = e.getErrorCode() == null ? "" : e.getErrorCode().toString();
            return new AzureCallException(
                    e.getStatusCode(), code, (e.getStatusCode() + " " + code).strip() + sentence(e), e, retryAfter(e));
        }
        if (error instanceof ClientAuthenticationException) {
            return new AzureCallException(
                    401, NO_CREDENTIALS, "no token for this identity: " + firstLine(error), error, null);
        }
        if (error instanceof HttpResponseException e && e.getResponse() != null) {
            int status = e.getResponse().getStatusCode();
            return new AzureCallException(status, "", String.valueOf(status), e, retryAfter(e));
        }
        Throwable cause = error;
        while (cause.getCause() != null && cause instanceof RuntimeException) {
            cause = cause.getCause();
        }
        return new AzureCallException(0, "", "no answer: " + firstLine(cause), error, null);
    }

    /** In seconds, as Azure says it; at most an hour: a store that says more has made a mistake. */
    private static @Nullable Duration retryAfter(HttpResponseException e) {
        String value =
                e.getResponse() == null ? null : e.getResponse().getHeaders().getValue(HttpHeaderName.RETRY_AFTER);
        return value == null || !value.matches("[0-9]{1,9}")
                ? null
                : Duration.ofSeconds(Math.min(LONGEST_PAUSE_SECONDS, Long.parseLong(value)));
    }

    /** Azure's own words. Its details are left out: they repeat what was signed. */
    private static String sentence(BlobStorageException e) {
        Matcher matcher = MESSAGE.matcher(String.valueOf(e.getMessage()));
        return matcher.find() ? ", " + firstLine(matcher.group(1)) : "";
    }

    private static String firstLine(Throwable error) {
        // Some of the JDK's have no message.
        return error.getMessage() == null ? error.getClass().getSimpleName() : firstLine(error.getMessage());
    }

    private static String firstLine(String text) {
        return text.strip().lines().findFirst().orElse("");
    }

    /** A sentence and a class for a call that did not work; {@code action} says what was being done. */
    static DestinationException classify(String action, AzureCallException cause) {
        return new DestinationException(
                failureOf(cause), action + ": " + cause.getMessage(), cause, cause.retryAfter());
    }

    private static Failure failureOf(AzureCallException cause) {
        int status = cause.status();
        if (DESTINATION.contains(cause.code())) {
            return Failure.DESTINATION;
        }
        if (status >= 500 || status == 408 || status == 429 || status < 300 || TRANSIENT.contains(cause.code())) {
            return Failure.RETRYABLE;
        }
        // 403 covers credentials, permissions, firewalls and skewed clocks; 3xx and a bare 404 are no blob service at
        // all.
        return status < 400 || status == 401 || status == 403 || status == 404 ? Failure.DESTINATION : Failure.FINAL;
    }

    /** The key exists and the request asked that it should not, or may not replace anything at all. */
    static boolean isTaken(AzureCallException cause) {
        return switch (cause.code()) {
            case "BlobAlreadyExists", "ConditionNotMet", "TargetConditionNotMet", "UnauthorizedBlobOverwrite" -> true;
            default -> cause.code().isEmpty() && cause.status() == 412;
        };
    }

    /** Blocks to be committed are not there any more: somebody else has written to the key, or a week has passed. */
    static boolean isBlocksLost(AzureCallException cause) {
        return Set.of("InvalidBlockList", "InvalidBlobOrBlock").contains(cause.code());
    }

    /** The store may have done what it was asked, although the answer is an error or has not come. */
    static boolean isOutcomeUnknown(AzureCallException cause) {
        return cause.status() < 300 || cause.status() >= 500;
    }

    static boolean isContainerMissing(AzureCallException cause) {
        return cause.code().equals("ContainerNotFound");
    }

    /** There is no such blob; a missing container is something else. */
    static boolean isNotFound(AzureCallException cause) {
        return cause.status() == 404 && !DESTINATION.contains(cause.code());
    }
}
