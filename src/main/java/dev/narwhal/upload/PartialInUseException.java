package dev.narwhal.upload;

/** A final upload that is not delivered yet is made of this partial: it cannot go before the final does. */
public class PartialInUseException extends RuntimeException {

    public PartialInUseException(UploadId partial) {
        super("Partial upload " + partial + " belongs to a final upload that is not delivered");
    }
}
