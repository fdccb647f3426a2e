package dev.narwhal.upload;

/** Lets deliveries object before an upload ends or its row is removed. The delivery package implements this port. */
public interface DeliveryVeto {

    /**
     * Stops the delivery of an upload whose end has been requested, and waits (bounded) for a completion in flight. Called
     * before the upload's row changes. The delivery's own task later removes the parts that the destination has received.
     *
     * @return false when the wait timed out; the delivery then continues as if nobody had asked
     */
    boolean cancel(UploadId id);

    /**
     * Removes the delivery's rows of an upload whose row the transaction in progress removes. A delivered object is never
     * touched. Called inside that transaction, on its thread.
     *
     * @return false when the delivery still has work to do for the upload, so that its row must stay; nothing is removed then
     */
    boolean removeDelivery(UploadId id);
}
