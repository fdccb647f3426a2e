package dev.narwhal.destination;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A delivery failed. The destination classifies its own error once, where it catches it. The message is a sentence for an
 * operator, without secrets.
 */
public class DestinationException extends Exception {

    /** What a failure says about the next attempt. */
    public enum Failure {
        /** The next attempt may succeed: network, overload, a full disk. */
        RETRYABLE,
        /** No delivery to this destination can succeed until an operator acts: credentials, a missing bucket, a wrong clock. */
        DESTINATION,
        /** This upload cannot be delivered: its key is taken, or it is too large. */
        FINAL
    }

    private final Failure failure;
    private final @Nullable Duration retryAfter;

    public DestinationException(Failure failure, String message) {
        this(failure, message, null);
    }

    public DestinationException(Failure failure, String message, @Nullable Throwable cause) {
        this(failure, message, cause, null);
    }

    /** @param retryAfter the pause that the store asks for; null when it names none */
    public DestinationException(
            Failure failure, String message, @Nullable Throwable cause, @Nullable Duration retryAfter) {
        super(message, cause);
        this.failure = failure;
        this.retryAfter = retryAfter;
    }

    public Failure failure() {
        return failure;
    }

    /** The shortest pause before the next attempt that the store asks for; never negative. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
