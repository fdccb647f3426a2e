package dev.narwhal.upload;

/**
 * The state of an upload. {@code RECEIVING -> FINISHED -> DELIVERED}; {@code FINISHED -> FAILED} when the delivery was given
 * up, and back by an operator's retry; {@code RECEIVING -> EXPIRED}; any state {@code -> TERMINATED}.
 */
public enum UploadState {
    /** Bytes are missing. */
    RECEIVING,
    /** Every byte is durable and a delivery is queued. */
    FINISHED,
    /** The final object is verified at its destination. */
    DELIVERED,
    /** The delivery was given up for a reason of this upload; the staged bytes are kept. */
    FAILED,
    /** The client did not finish it before its deadline; a tombstone, the bytes are removed. */
    EXPIRED,
    /** A client deleted it; a tombstone, the bytes are removed. */
    TERMINATED;

    /** True while clients can see the upload; false for a tombstone. */
    public boolean isLive() {
        return this != EXPIRED && this != TERMINATED;
    }

    /** True once the server has acknowledged every byte of the upload. */
    public boolean isComplete() {
        return this == FINISHED || this == DELIVERED || this == FAILED;
    }
}
