package dev.narwhal.node;

/** Another live process owns the volume. The message is one sentence for the operator, and names the setting. */
public class VolumeInUseException extends IllegalStateException {

    VolumeInUseException(VolumeRow owner) {
        super("The staging volume " + owner.volume()
                + " below narwhal.data-dir belongs to another process on this database,"
                + " which is at work: process " + owner.pid() + " on " + owner.nodeId() + ", incarnation "
                + owner.incarnation()
                + ". This data directory is a copy of that one's: stop that process first, or give this one an empty directory"
                + " of its own with narwhal.data-dir");
    }
}
