package dev.narwhal.upload;

/**
 * Hears of every change of every upload. Every bean of this type is called, in the order of the beans. Delivery is one of them.
 */
public interface UploadListener {

    /**
     * A row changes in the transaction in progress. Called inside that transaction, on its thread, right after the statement
     * that has changed the row. The transaction commits the listener's own writes together with the change or not at all, so no
     * crash can separate the two. An exception undoes the change and reaches the caller. The repository may repeat a change; it
     * commits the last call. The listener therefore uses the database and nothing else, is short, and depends on no thread.
     */
    default void changed(UploadEvent event) {}

    /**
     * The same change, after its commit and outside the transaction. For actions that may be lost, such as a hint that work is
     * due: a crash may prevent this call. When a partial finishes finals, only the partial's own event is told. Must be cheap;
     * an exception is logged and changes nothing.
     */
    default void committed(UploadEvent event) {}

    /**
     * The change in progress records the last bytes of a body that ended before its declared end. As {@link #changed}, and right
     * after it. {@link #interrupted} follows, also for a body that leaves nothing to record.
     *
     * @param now the row after that body
     * @param reason as the metric {@code narwhal.bodies.broken} names it
     */
    default void interrupting(Upload now, String reason) {}

    /**
     * A body ended before its declared end, outside a transaction. Often only its connection has failed. The bytes received
     * from it were told as an advance before. Must be cheap; an exception is logged and changes nothing.
     *
     * @param upload the row after that body
     * @param reason as the metric {@code narwhal.bodies.broken} names it
     */
    default void interrupted(Upload upload, String reason) {}
}
