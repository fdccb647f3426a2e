package dev.narwhal.access;

/** How the server authenticates callers. */
public enum AccessMode {
    /**
     * It does not: every client that reaches the server may upload, and every client that knows an upload's URL may
     * use it.
     */
    OPEN,
    /**
     * By API keys, by JSON Web Tokens where an issuer is set, and by upload URLs. A request without any of them gets
     * OPTIONS, liveness and readiness, and goes on with an upload that was created while access was open.
     */
    CLOSED
}
