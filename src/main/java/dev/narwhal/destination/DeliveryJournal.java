package dev.narwhal.destination;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The state of a delivery that survives an attempt. A change is durable when the method returns. Every method that returns
 * {@code false} says the same: this attempt must stop and throw {@link DeliveryStoppedException}, because another
 * attempt has taken over, the upload was cancelled, or the process is stopping. Safe for several threads.
 */
public interface DeliveryJournal {

    /**
     * The destination's own identifier of the object in progress: S3's multipart upload id with its checksum type, a file's
     * identity (inode and creation time), or the version of Azure's block names. Only the destination interprets it. Empty
     * when no attempt has recorded one under the present key.
     */
    Optional<String> handle();

    /** The parts recorded under the present handle, in no particular order. */
    List<SentPart> parts();

    /** False as soon as the attempt should stop. Cheap: destinations call it often. */
    boolean isActive();

    /** Records a new handle, and deletes the parts recorded under the previous one. */
    boolean begun(String handle);

    /** Records a part that the store has acknowledged. */
    boolean sent(SentPart part);

    /** Records a new key for the object, and deletes the handle and the parts. */
    boolean rekeyed(String key);

    /**
     * Asks whether the object may become visible now. After {@code true} a cancellation waits until
     * {@link Destination#deliver} returns or throws.
     *
     * @param handle identifies the object about to become visible, and replaces the present handle; null keeps the present
     *     one
     */
    boolean completing(@Nullable String handle);

    /**
     * As {@link #completing}, for an object that is the content's own file under a second name. Waits for no disk, so a crash
     * may lose the handle: as long as the content exists, its file tells whose the object is.
     *
     * @param handle read only if the journal records it
     * @throws IOException as {@code handle}
     */
    boolean linking(Handle handle) throws IOException;

    /** A handle that is read when it is needed. */
    @FunctionalInterface
    interface Handle {
        String read() throws IOException;
    }
}
