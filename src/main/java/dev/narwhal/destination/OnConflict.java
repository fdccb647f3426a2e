package dev.narwhal.destination;

/** What happens when the key is taken by something that is not this upload's object. */
public enum OnConflict {
    /** The delivery fails for good, visibly; the bytes stay staged. */
    FAIL,
    /** The object gets a key of its own, made of the wanted one and the upload's id. */
    RENAME,
    /** The other object is replaced, at once and whole. */
    OVERWRITE
}
