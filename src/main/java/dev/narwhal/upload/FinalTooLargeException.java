package dev.narwhal.upload;

/** The partials of a final upload have more bytes in total than an upload may have. */
public class FinalTooLargeException extends RuntimeException {

    private final long largest;

    /** @param largest maximum bytes of an upload */
    public FinalTooLargeException(long largest) {
        super("The partials of a final upload have more than " + largest + " bytes together");
        this.largest = largest;
    }

    public long largest() {
        return largest;
    }
}
