package dev.narwhal.upload;

/** The role of an upload in the concatenation extension (tus 1.0.0, "Concatenation"). */
public enum UploadKind {
    /** A stand-alone upload: its last byte finishes it, and then it is delivered. */
    WHOLE,
    /** A piece of one or more finals; never delivered by itself. */
    PARTIAL,
    /** An ordered list of partials; has no bytes of its own. */
    FINAL
}
