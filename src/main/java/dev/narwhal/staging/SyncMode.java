package dev.narwhal.staging;

/** When staged bytes reach the disk for good. */
public enum SyncMode {
    /** Before they are acknowledged: what was acknowledged survives power loss. */
    ACK,
    /** When the operating system likes: what was acknowledged survives the death of the process, not of the machine. */
    NONE
}
