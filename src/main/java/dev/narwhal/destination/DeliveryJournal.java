package dev.narwhal.destination;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a delivery remembers across attempts, durable when a method returns. Every question that is answered
 * {@code false} means the same: this attempt must stop and throw {@link DeliveryStoppedException}, because another
 * attempt has taken over, the upload was cancelled, or the process is stopping. Safe for several threads.
 */
public interface DeliveryJournal {

    /**
     * What the destination needs to find its own beginnings again, opaque to everybody else: a multipart upload's id, the
     * identity of a file about to get its name. Empty when nothing has been begun under the present key.
     */
    Optional<String> handle();

    /** Parts that arrived under the present handle, in no particular order. */
    List<SentPart> parts();

    /** False as soon as the attempt should stop; cheap, asked often. */
    boolean isActive();

    /** Remembers a new handle, and forgets the parts of the one before. */
    boolean begun(String handle);

    /** Remembers a part that the destination has acknowledged. */
    boolean sent(SentPart part);

    /** The object's key is another one from now on; handle and parts are forgotten. */
    boolean rekeyed(String key);

    /**
     * May the object become visible now? From a yes until {@link Destination#deliver} returns or throws, a cancellation
     * waits.
     *
     * @param handle what identifies the object that is about to appear, replacing the present handle; null to keep that
     */
    boolean completing(@Nullable String handle);
}
