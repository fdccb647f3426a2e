package dev.narwhal.destination;

import java.io.IOException;
import java.io.InputStream;

/**
 * Where finished files go. Safe for several threads. An application may bring its own: a bean of this type takes the
 * place of the configured one. What is needed for that is public in this package: the job (what to make), the content (its
 * bytes, readable again and in parallel), the journal (what survives a crash), the receipt.
 *
 * <p>What every implementation has to bear: a process dies at any point and {@link #deliver} is called again, by the next
 * process, with the job's {@code attempt} one higher; an attempt that was believed dead goes on beside its successor until it
 * next asks the journal; an answer is lost although the work was done. So an object must say whose it is (by metadata, by an
 * identity in {@link DeliveryJournal#handle()}, by a name that nobody else would choose), and must become visible in one step.
 */
public interface Destination extends AutoCloseable {

    /** For people and logs, without secrets, and without asking anybody: {@code /srv/files} or {@code s3://bucket}. */
    String describe();

    /**
     * Makes the whole object visible under the job's key, durable and verified when this returns. Called again after any
     * failure or crash, with the same plan and with what the journal has kept: an object that an earlier attempt
     * completed is recognised and adopted, never made twice; what arrived in part is not sent again.
     *
     * <p>Nothing becomes visible before {@link DeliveryJournal#completing} has said yes. A key that is taken by anything but
     * this upload's object is for the job's {@link OnConflict} to decide; a new key is told to the journal first
     * ({@link DeliveryJournal#rekeyed}) and is in the receipt. The caller waits: this may take hours, and holds no connection
     * of the database.
     *
     * @throws DestinationException classified: worth another try, something about the destination, or final. Any other
     *     exception counts as worth another try and is logged as a defect
     * @throws DeliveryStoppedException when the journal said no: somebody else delivers this upload now, nobody wants it
     *     any more, or the process is stopping. What only this attempt knows of has been removed
     */
    DeliveryReceipt deliver(DeliveryJob job, ContentSource content, DeliveryJournal journal)
            throws DestinationException, DeliveryStoppedException;

    /** How an object of this length will be cut into parts. Asked once for an upload, and stored. */
    default PartPlan plan(long length) {
        return PartPlan.of(length);
    }

    /** True when parts can be sent before the object's last bytes are there: see {@link #sendAhead}. */
    default boolean takesPartsAhead() {
        return false;
    }

    /**
     * Sends those whole parts of an object, still being received, that the journal does not know yet. Nothing becomes
     * visible, and nothing is decided: {@link #deliver} follows when all bytes are there, or {@link #abandon} when nobody
     * wants it any more. Called again and again as the object grows. Only where {@link #takesPartsAhead}.
     *
     * @param job the whole object as it will be
     * @param content its first bytes, as many as are durable and may be sent now
     * @throws DestinationException as {@link #deliver}
     * @throws DeliveryStoppedException as {@link #deliver}
     */
    default void sendAhead(DeliveryJob job, ContentSource content, DeliveryJournal journal)
            throws DestinationException, DeliveryStoppedException {
        throw new UnsupportedOperationException(describe() + " takes whole objects only");
    }

    /**
     * Streams {@code length} bytes of a delivered object from {@code position} on. Close the stream early to give up. The range
     * lies within the object as it was delivered; a length of 0 asks whether it is there.
     *
     * @param key as the receipt had it
     * @throws java.nio.file.NoSuchFileException when the object is not there (any more)
     */
    InputStream read(String key, long position, long length) throws IOException;

    /**
     * Removes what attempts have left of an upload that nobody wants any more: parts, temporary files, and the object
     * itself when it is provably this upload's. Parts may be left to a store that throws them away by itself. Harmless when
     * there is nothing; never called for an upload whose delivery was recorded; called again until it returns.
     *
     * @param journal what attempts have recorded; only read
     */
    void abandon(DeliveryJob job, DeliveryJournal journal) throws DestinationException;

    /** The process is stopping: what is in flight ends soon, with an error if need be. May be called more than once. */
    @Override
    default void close() {}
}
