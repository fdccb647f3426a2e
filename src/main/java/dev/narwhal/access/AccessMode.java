package dev.narwhal.access;

/** How callers are told apart. */
public enum AccessMode {
    /** They are not: whoever reaches the server may upload, and whoever knows an upload's URL may use it. */
    OPEN
}
