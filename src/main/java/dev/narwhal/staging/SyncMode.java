package dev.narwhal.staging;

/** When staged bytes become durable. */
public enum SyncMode {
    /** Before they are acknowledged: acknowledged bytes survive power loss. */
    ACK,
    /** When the operating system writes them: acknowledged bytes survive a crash of the process, not of the machine. */
    NONE
}
