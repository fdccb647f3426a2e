package dev.narwhal.destination;

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

    public DestinationException(Failure failure, String message) {
        this(failure, message, null);
    }

    public DestinationException(Failure failure, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.failure = failure;
    }

    public Failure failure() {
        return failure;
    }
}
