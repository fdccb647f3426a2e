package dev.narwhal.destination;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.util.List;
import java.util.Optional;

/**
 * A store for finished files. Safe for several threads. An application may provide its own: a bean of this type replaces
 * the configured default destination. This package holds all types that an implementation needs: the job (the object to
 * create), the content (its bytes, readable repeatedly and in parallel), the journal (the state that survives a crash), and
 * the receipt.
 *
 * <p>Every implementation must cope with three events:
 * <ul>
 *   <li>The process dies at any point. The next process calls {@link #deliver} again, with a higher {@code attempt}.
 *   <li>An attempt that the server takes for dead keeps running beside its successor until it next asks the journal.
 *   <li>The store does the work, but its response is lost.
 * </ul>
 * So each object must carry the identity of its upload (in metadata, in {@link DeliveryJournal#handle()}, or in a name that
 * nobody else would choose), and must become visible in one step.
 */
public interface Destination extends AutoCloseable {

    /** A name for people and logs, such as {@code /srv/files} or {@code s3://bucket}. No secrets, no I/O. */
    String describe();

    /**
     * Makes the whole object visible under the job's key. The object is durable and verified when this returns. The caller
     * repeats the call after any failure or crash, with the same plan and the state that the journal has kept. The
     * destination then adopts an object that an earlier attempt has completed, and does not send recorded parts again if the
     * store still has them.
     *
     * <p>The object must not become visible before {@link DeliveryJournal#completing} or {@link DeliveryJournal#linking}
     * has returned true. When another object has the key, the job's {@link OnConflict} decides. The destination records a new key in the journal first
     * ({@link DeliveryJournal#rekeyed}) and returns it in the receipt. The call may take hours. The caller holds no database
     * connection meanwhile.
     *
     * @throws DestinationException with its class: retryable, a fault of the destination, or final. The caller treats any
     *     other exception as retryable, and logs it as a defect
     * @throws DeliveryStoppedException when the journal returned false: another attempt delivers this upload, the upload was
     *     cancelled, or the process is stopping. The attempt has removed everything that only it knew of
     */
    DeliveryReceipt deliver(DeliveryJob job, ContentSource content, DeliveryJournal journal)
            throws DestinationException, DeliveryStoppedException;

    /**
     * The most small objects that {@link #deliverAll} takes at a time. 1 where a batch saves nothing: the caller then delivers
     * several objects in parallel.
     */
    default int batch() {
        return 1;
    }

    /**
     * Delivers several small objects, each as {@link #deliver} does. No failure affects another object.
     *
     * @param requests at most {@link #batch}, of different uploads
     * @return one outcome for each request, in their order
     */
    default List<Outcome<DeliveryReceipt>> deliverAll(List<DeliveryRequest> requests) {
        return requests.stream()
                .map(one -> Outcome.of(() -> deliver(one.job(), one.content(), one.journal())))
                .toList();
    }

    /**
     * The handle of an object that is the content's own file under a second name ({@link DeliveryJournal#linking}). With it
     * {@link #abandon} recognises the object after the content has gone.
     *
     * @return empty when objects of this destination never are the content's file
     */
    default Optional<String> handleOf(ContentSource content) throws IOException {
        return Optional.empty();
    }

    /** How an object of this length is cut into parts. The caller asks once for each upload, and stores the plan. */
    default PartPlan plan(long length) {
        return PartPlan.of(length);
    }

    /** True when the destination can send parts before the upload is complete: see {@link #sendAhead}. */
    default boolean takesPartsAhead() {
        return false;
    }

    /**
     * Sends the complete parts of an unfinished upload that the journal has not recorded yet. No object becomes visible, and
     * no conflict is resolved. {@link #deliver} follows when the upload is complete, {@link #abandon} when it was cancelled
     * or has expired. The caller repeats the call as the upload grows. Only called where {@link #takesPartsAhead} is true.
     *
     * @param job the whole object that the upload will become
     * @param content the first bytes of the object: those that are durable and may be sent now
     * @throws DestinationException as {@link #deliver}
     * @throws DeliveryStoppedException as {@link #deliver}
     */
    default void sendAhead(DeliveryJob job, ContentSource content, DeliveryJournal journal)
            throws DestinationException, DeliveryStoppedException {
        throw new UnsupportedOperationException(describe() + " takes whole objects only");
    }

    /**
     * Streams {@code length} bytes of a delivered object, starting at {@code position}. The reader closes the stream early to
     * cancel. The range lies within the object as it was delivered. A length of 0 asks whether the object exists.
     *
     * @param key the receipt's key
     * @throws java.nio.file.NoSuchFileException when the object does not exist (any more)
     */
    InputStream read(String key, long position, long length) throws IOException;

    /**
     * Opens a delivered object where objects are files of this machine: the kernel can then send its bytes to a client
     * without a copy. The caller closes it.
     *
     * @param key the receipt's key
     * @return empty where objects are no files; {@link #read} then serves them
     * @throws java.nio.file.NoSuchFileException when the object does not exist (any more)
     */
    default Optional<FileChannel> file(String key) throws IOException {
        return Optional.empty();
    }

    /**
     * Removes the remains of an upload that was cancelled or has expired: parts, temporary files, and the object itself when
     * it provably belongs to this upload. An implementation may leave parts to a store that deletes unused parts itself.
     * No-op when there are no remains. The caller repeats the call until it returns without an exception, and never calls it
     * for an upload with a recorded delivery.
     *
     * @param journal the state that earlier attempts have recorded; only read
     */
    void abandon(DeliveryJob job, DeliveryJournal journal) throws DestinationException;

    /** The process is stopping. Requests in flight end soon, if need be with an error. May be called more than once. */
    @Override
    default void close() {}
}
