package dev.narwhal.destination.azure;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A failed request to Azure, with the facts from its response. The code that catches the SDK's error creates it. So no other
 * error, such as one of the journal's database, is mistaken for an error of Azure.
 */
final class AzureCallException extends RuntimeException {

    private final int status;
    private final String code;
    private final @Nullable Duration retryAfter;

    /**
     * @param status of the response; 0 when none came
     * @param code Azure's error code; empty when the response has none
     * @param reason a sentence, without secrets
     * @param retryAfter the pause that the store asks for; null when it names none
     */
    AzureCallException(
            int status, String code, String reason, @Nullable Throwable cause, @Nullable Duration retryAfter) {
        super(reason, cause);
        this.status = status;
        this.code = code;
        this.retryAfter = retryAfter;
    }

    @Nullable
    Duration retryAfter() {
        return retryAfter;
    }

    int status() {
        return status;
    }

    String code() {
        return code;
    }
}
