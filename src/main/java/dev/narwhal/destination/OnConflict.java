package dev.narwhal.destination;

/** What a destination does when another object has the key. */
public enum OnConflict {
    /** The delivery fails for good, visibly. The bytes stay staged. */
    FAIL,
    /** The new object gets a key that contains the upload's id: see {@link RenamedKey}. */
    RENAME,
    /** The new object replaces the other one in one step. */
    OVERWRITE
}
