package dev.narwhal.ingest;

/** What an offset that a client names is worth, judged without the lease. */
public enum OffsetVerdict {
    /** It is, or may turn out to be, right: take the lease and see. */
    POSSIBLE,
    /** It was right until a body went past it whose client has heard no answer: ask for the offset again. */
    OVERTAKEN,
    /** It is wrong, whatever the present writer does. */
    WRONG
}
