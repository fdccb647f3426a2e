package dev.narwhal.destination.azure;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A call of the store that did not work, with what its answer says. Made where the SDK's error is caught, so that nothing
 * else (the journal's database above all) is taken for it.
 */
final class AzureCallException extends RuntimeException {

    private final int status;
    private final String code;
    private final @Nullable Duration retryAfter;

    /**
     * @param status of the answer; 0 when there was none
     * @param code Azure's; empty when there was none
     * @param reason a sentence, without secrets
     * @param retryAfter how long the store asks to be left alone; null when it does not say
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
