package dev.narwhal.ingest;

/** The judgement of a client's offset, made without the lease. */
public enum OffsetVerdict {
    /** The offset is right, or may turn out to be right: take the lease and compare again. */
    POSSIBLE,
    /**
     * The offset was right until a later body moved past it, whose client got no answer: the client must send HEAD
     * again.
     */
    OVERTAKEN,
    /** The offset is wrong, whatever the current holder does. */
    WRONG
}
