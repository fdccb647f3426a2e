package dev.narwhal.upload;

/** An undelivered final upload lists this partial: the partial cannot be removed before the final is delivered or removed. */
public class PartialInUseException extends RuntimeException {

    public PartialInUseException(UploadId partial) {
        super("Partial upload " + partial + " belongs to a final upload that is not delivered");
    }
}
