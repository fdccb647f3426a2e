package dev.narwhal.delivery;

/** The status of a delivery. The names are stored. */
enum DeliveryStatus {
    /** Waiting for its first or next attempt. */
    PENDING,
    /** An attempt has begun. */
    SENDING,
    /** The object may have become visible. */
    COMPLETING,
    /** The object is there and verified. */
    DELIVERED,
    /** Given up; an operator may retry it. */
    FAILED
}
