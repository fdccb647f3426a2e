package dev.narwhal.access;

/** How the server authenticates callers. */
public enum AccessMode {
    /**
     * It does not: every client that reaches the server may upload, and every client that knows an upload's URL may
     * use it.
     */
    OPEN
}
