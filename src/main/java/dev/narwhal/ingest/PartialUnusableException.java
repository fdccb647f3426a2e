package dev.narwhal.ingest;

/** An upload named in Upload-Concat cannot be a partial of the final. */
public class PartialUnusableException extends RuntimeException {

    /** Why not. */
    public enum Reason {
        /** There is no such upload, it has expired, or the caller does not own it: the client is not told which. */
        NOT_FOUND,
        /** It is a whole upload or a final. */
        NOT_A_PARTIAL
    }

    private final Reason reason;
    private final int position;

    /** @param position its place in the list; the first is 1 */
    public PartialUnusableException(Reason reason, int position) {
        super("Upload " + position + " of a final upload's list cannot be used: " + reason);
        this.reason = reason;
        this.position = position;
    }

    public Reason reason() {
        return reason;
    }

    public int position() {
        return position;
    }
}
