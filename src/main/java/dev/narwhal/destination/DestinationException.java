package dev.narwhal.destination;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A delivery did not work. Classified once, where the destination's own error was caught; the message is a sentence for
 * an operator, without secrets.
 */
public class DestinationException extends Exception {

    /** What a failure says about the next attempt. */
    public enum Failure {
        /** It may work next time: network, overload, a full disk. */
        RETRYABLE,
        /** Nothing can be delivered there until somebody mends it: credentials, a missing bucket, a skewed clock. */
        DESTINATION,
        /** This upload cannot be delivered as it is: its key is taken, it is too large. */
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

    /** @param retryAfter how long the destination asks to be left alone; null when it does not say */
    public DestinationException(
            Failure failure, String message, @Nullable Throwable cause, @Nullable Duration retryAfter) {
        super(message, cause);
        this.failure = failure;
        this.retryAfter = retryAfter;
    }

    public Failure failure() {
        return failure;
    }

    /** The least pause before the next attempt, in the destination's own opinion; never negative. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
