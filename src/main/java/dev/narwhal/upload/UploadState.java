package dev.narwhal.upload;

/**
 * Where an upload is in its life. {@code RECEIVING -> FINISHED -> DELIVERED}; {@code FINISHED -> FAILED} when delivery
 * gave up, and back by an operator's retry; {@code RECEIVING -> EXPIRED}; any state {@code -> TERMINATED}.
 */
public enum UploadState {
    /** Bytes are missing. */
    RECEIVING,
    /** Every byte is durable and a delivery is queued. */
    FINISHED,
    /** The final object is verified at its destination. */
    DELIVERED,
    /** Delivery gave up for a reason of this upload; the staged bytes are kept. */
    FAILED,
    /** Nobody finished it in time; a tombstone, the bytes are gone. */
    EXPIRED,
    /** A client deleted it; a tombstone, the bytes are gone. */
    TERMINATED;

    /** True while the upload can be seen by clients; false for a tombstone. */
    public boolean isLive() {
        return this != EXPIRED && this != TERMINATED;
    }

    /** True once every byte of the upload has been acknowledged. */
    public boolean isComplete() {
        return this == FINISHED || this == DELIVERED || this == FAILED;
    }
}
