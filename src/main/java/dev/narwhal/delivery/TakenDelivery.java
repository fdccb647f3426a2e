package dev.narwhal.delivery;

import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadId;
import java.time.Duration;

/**
 * A delivery that this process has taken as the upload was finished: its first attempt. The memory has all that the rows say, so
 * the attempt reads none.
 */
final class TakenDelivery {

    /** Others leave the upload to this process for so long, by their clocks. */
    static final Duration TERM = Duration.ofSeconds(30);

    /** Less than {@link #TERM}, so that this process lets go before another one begins. */
    private static final Duration OWN_TERM = Duration.ofSeconds(25);

    private final Upload upload;
    private final DeliveryRow row;
    private final DeliveryAttempt attempt;
    private final boolean isStagedHere;
    private final long since = System.nanoTime();
    private volatile long renewed = since;
    private volatile boolean committed;

    /**
     * @param upload the finished row
     * @param row as the finishing transaction writes it
     * @param isStagedHere whether this process has written the last bytes, and so has synced the whole file if it syncs at all
     */
    TakenDelivery(Upload upload, DeliveryRow row, DeliveryAttempt attempt, boolean isStagedHere) {
        this.upload = upload;
        this.row = row;
        this.attempt = attempt;
        this.isStagedHere = isStagedHere;
    }

    UploadId id() {
        return upload.id();
    }

    Upload upload() {
        return upload;
    }

    DeliveryRow row() {
        return row;
    }

    DeliveryAttempt attempt() {
        return attempt;
    }

    /** False when the bytes may have been staged before this process, under another setting. */
    boolean isStagedHere() {
        return isStagedHere;
    }

    /** The finishing transaction is committed. */
    void commit() {
        committed = true;
    }

    /** True for one whose transaction has failed, most probably. */
    boolean isForgotten() {
        return !committed && age(since).compareTo(TERM) > 0;
    }

    boolean isDueForRenewal(Duration after) {
        return committed && age(renewed).compareTo(after) >= 0;
    }

    /** @param asked {@link System#nanoTime} before the statement */
    void renewed(long asked) {
        renewed = asked;
    }

    /** False when the attempt was stopped, or the take could not be renewed in time. */
    boolean isWanted() {
        return attempt.isActive() && age(renewed).compareTo(OWN_TERM) < 0;
    }

    private static Duration age(long from) {
        return Duration.ofNanos(System.nanoTime() - from);
    }
}
