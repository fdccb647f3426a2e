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

/** Classifies errors of Azure. No other class does. */
final class AzureFailures {

    static final String NO_CREDENTIALS = "CredentialUnavailable";

    private static final long LONGEST_PAUSE_SECONDS = 3600;

    private static final Pattern MESSAGE = Pattern.compile("<Message>([^<]*)</Message>");

    /** Codes with a 4xx status after which a retry may succeed: bytes damaged in transit, a busy blob, deleted blocks. */
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

    /** Codes, with any status, after which no delivery to this destination succeeds until an operator acts. */
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

    /** Converts an error of the SDK. Keeps the facts that the server needs, and nothing that could be a secret. */
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

    /** The response's Retry-After in seconds, cut to an hour, because a longer pause is a mistake; null when it has none. */
    private static @Nullable Duration retryAfter(HttpResponseException e) {
        String value =
                e.getResponse() == null ? null : e.getResponse().getHeaders().getValue(HttpHeaderName.RETRY_AFTER);
        return value == null || !value.matches("[0-9]{1,9}")
                ? null
                : Duration.ofSeconds(Math.min(LONGEST_PAUSE_SECONDS, Long.parseLong(value)));
    }

    /** Azure's message, without its details, which repeat the signed text. */
    private static String sentence(BlobStorageException e) {
        Matcher matcher = MESSAGE.matcher(String.valueOf(e.getMessage()));
        return matcher.find() ? ", " + firstLine(matcher.group(1)) : "";
    }

    private static String firstLine(Throwable error) {
        // Some exceptions of the JDK have no message.
        return error.getMessage() == null ? error.getClass().getSimpleName() : firstLine(error.getMessage());
    }

    private static String firstLine(String text) {
        return text.strip().lines().findFirst().orElse("");
    }

    /** Adds a message and a class to a failed request. {@code action} is the beginning of the message: what has failed. */
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
        // 403: credentials, permissions, a firewall or a wrong clock. 3xx, and 404 without a code: no blob service.
        return status < 400 || status == 401 || status == 403 || status == 404 ? Failure.DESTINATION : Failure.FINAL;
    }

    /** True when the key is taken, and the request's condition or the account's permissions forbid to replace the blob. */
    static boolean isTaken(AzureCallException cause) {
        return switch (cause.code()) {
            case "BlobAlreadyExists", "ConditionNotMet", "TargetConditionNotMet", "UnauthorizedBlobOverwrite" -> true;
            default -> cause.code().isEmpty() && cause.status() == 412;
        };
    }

    /** True when blocks to commit are missing: another writer has written to the key, or a week has passed. */
    static boolean isBlocksLost(AzureCallException cause) {
        return Set.of("InvalidBlockList", "InvalidBlobOrBlock").contains(cause.code());
    }

    /** True when the store may have performed the request, although the response was an error or got lost. */
    static boolean isOutcomeUnknown(AzureCallException cause) {
        return cause.status() < 300 || cause.status() >= 500;
    }

    static boolean isContainerMissing(AzureCallException cause) {
        return cause.code().equals("ContainerNotFound");
    }

    /** True when the blob does not exist. False when the container is missing. */
    static boolean isNotFound(AzureCallException cause) {
        return cause.status() == 404 && !DESTINATION.contains(cause.code());
    }
}
