package dev.narwhal.access;

/** What a caller may do. */
public enum Role {
    /** Create uploads, append to its own, and end them. */
    UPLOAD,
    /** Read its own uploads. */
    READ,
    /** See and control the whole server, including the uploads of all owners. */
    OPERATE,
    /** Everything, and decide what others may do. */
    ADMIN
}
