package dev.narwhal.node;

/** A staging volume that this process can reach, and whose lock on the disk it holds. */
public interface VolumeAtHand {

    /** The id that the volume carries with itself; a copy has the same. */
    String id();

    HeldLock lock();

    /** Another process has it. Nothing is taken for it any more. Never fails. */
    void lose();
}
