package dev.narwhal.upload;

/**
 * The hand-over of finished uploads to their delivery: a port, so that nothing that receives bytes knows about
 * destinations. Implemented by the delivery package.
 */
public interface DeliveryQueue {

    /**
     * Queues the delivery of an upload that is finished by the transaction in progress. Called inside that transaction,
     * on its thread: both commit or neither does, so that a crash between "finished" and "queued" cannot happen.
     */
    void enqueue(Upload finished);

    /**
     * An upload that is still being received has moved, in the transaction in progress: its delivery may begin ahead of its
     * end, and what that needs is committed with it. On the transaction's thread; may be called again for the same move.
     */
    default void received(Upload before, Upload now) {}

    /** An upload has moved, and that is committed. Cheap, never fails. */
    default void moved(Upload before, Upload now) {
        if (now.state() == UploadState.FINISHED) {
            wake();
        }
    }

    /** Says that queued work has just been committed; cheap, never fails, may be called at any time. */
    void wake();

    /**
     * Stops the delivery of an upload that its client deletes, waiting (bounded) for a complete that is in flight.
     * Called before the upload's row changes. What the destination has received of it is removed later by the delivery's
     * own task.
     *
     * @return false when the wait was over first; the delivery then goes on as if nobody had asked
     */
    boolean cancel(UploadId id);

    /**
     * An upload has become a tombstone, and that is committed: what destinations have of it can be removed now. Cheap, never
     * fails.
     */
    default void ended(UploadId id) {
        wake();
    }

    /**
     * Removes what deliveries remember of an upload whose row goes in the transaction in progress; never anything of what was
     * delivered. Called inside that transaction, on its thread.
     *
     * @return false when something is left to be done for it, so that the row must stay; nothing is removed then
     */
    boolean forget(UploadId id);
}
