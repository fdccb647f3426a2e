package dev.narwhal.upload;

/** What deliveries are asked before an upload ends or its row goes: a port that the delivery package implements. */
public interface DeliveryVeto {

    /**
     * Stops the delivery of an upload that is to end, waiting (bounded) for a complete that is in flight. Called before the
     * upload's row changes. What the destination has received of it is removed later by the delivery's own task.
     *
     * @return false when the wait was over first; the delivery then goes on as if nobody had asked
     */
    boolean cancel(UploadId id);

    /**
     * Removes what deliveries remember of an upload whose row goes in the transaction in progress; never anything of what was
     * delivered. Called inside that transaction, on its thread.
     *
     * @return false when something is left to be done for it, so that the row must stay; nothing is removed then
     */
    boolean forget(UploadId id);
}
