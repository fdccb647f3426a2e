package dev.narwhal.upload;

/**
 * Told of everything that becomes of uploads: a port for whatever follows from it. Every bean of this type is told, in the
 * order of the beans; delivery is one of them.
 */
public interface UploadListener {

    /**
     * A row changes in the transaction in progress. Called inside that transaction, on its thread, right after the statement
     * that changed the row: what the listener writes is committed with it or not at all, so that no crash comes between the
     * two. An exception undoes the change and is the caller's. May be called again for the same change, of which the last call
     * is committed; so it talks to the database and to nothing else, is short, and depends on no thread.
     */
    default void changed(UploadEvent event) {}

    /**
     * The same, now that it is committed, outside the transaction: for what nothing depends on, such as to say that work is
     * due. A crash may come before it. Of finals that a partial finished only the partial's own event is told. Cheap; an
     * exception is logged and changes nothing.
     */
    default void committed(UploadEvent event) {}

    /**
     * A body ended before its time, outside a transaction; its connection may be the only thing that is wrong. What had come of
     * it was told as an advance before. Cheap; an exception is logged and changes nothing.
     *
     * @param upload as it is known after that body
     * @param reason as the metric {@code narwhal.bodies.broken} names it
     */
    default void interrupted(Upload upload, String reason) {}
}
