package dev.narwhal.access;

/** What a caller may do. */
public enum Role {
    /** Create uploads, write to its own, and end them. */
    UPLOAD,
    /** Read its own uploads. */
    READ,
    /** See and steer what the server does, whosever uploads these are. */
    OPERATE,
    /** Everything, and say who may do what. */
    ADMIN
}
