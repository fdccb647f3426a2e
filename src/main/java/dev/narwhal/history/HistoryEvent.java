package dev.narwhal.history;

/** What a row of the history says. */
public enum HistoryEvent {
    /** A body ended before its announced end; the detail is the reason, as the metric {@code narwhal.bodies.broken} names it. */
    INTERRUPTED,
    /** Another request of the client took the upload over while a body was being received. */
    TAKEN_OVER,
    /** An attempt of the delivery failed, and another one follows; the detail is the error. */
    ATTEMPT_FAILED,
    /** The delivery was given up; the detail is the error. */
    DELIVERY_FAILED,
    /** Somebody had a delivery retried that was given up. */
    RETRIED,
    /** Somebody else than the upload's owner ended it. */
    TERMINATED
}
