package dev.narwhal.staging;

/** Where bytes are kept between the first chunk and delivery. */
public enum StagingType {
    /** On a local disk, below the data directory. */
    DISK
}
