package dev.narwhal.faults;

/** What a client is doing: what a kill at this moment hits. */
enum ClientPhase {
    IDLE,
    CREATING,
    /** Bytes of a body are being sent. */
    BODY,
    /** The last byte of a body is out, its answer is not here. */
    ANSWER,
    ASKING,
    DONE
}
