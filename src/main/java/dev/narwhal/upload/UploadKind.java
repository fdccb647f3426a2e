package dev.narwhal.upload;

/** What an upload is to the concatenation extension (tus 1.0.0, "Concatenation"). */
public enum UploadKind {
    /** An upload of its own: finished by its last byte, then delivered. */
    WHOLE,
    /** A piece of one or more finals; never delivered by itself. */
    PARTIAL,
    /** An ordered list of partials; holds no bytes of its own. */
    FINAL
}
