package dev.narwhal.node;

/** A staging volume that this process can reach and whose lock on the disk it holds. */
public interface LocalVolume {

    /** The id stored in the volume; a copy of the volume has the same id. */
    String id();

    HeldLock lock();

    /** Another process owns the volume now: it accepts no more writes from this one. Never fails. */
    void lose();
}
