package dev.narwhal.staging;

/** Where the server keeps bytes between the first chunk and delivery. */
public enum StagingType {
    /** On a local disk, below the data directory. */
    DISK
}
