package dev.narwhal.ingest;

/** An upload that a final was to be made of cannot be a part of it. */
public class PartialUnusableException extends RuntimeException {

    /** Why not. */
    public enum Reason {
        /** There is no such upload (any more), or it is not the caller's: all look the same. */
        NOT_FOUND,
        /** It is an upload of its own, or a final. */
        NOT_A_PARTIAL
    }

    private final Reason reason;
    private final int position;

    /** @param position where it stands in the list; 1 is the first */
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
