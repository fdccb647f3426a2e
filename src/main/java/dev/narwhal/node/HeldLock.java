package dev.narwhal.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Identifies an operating system lock that a process holds. A process that later holds the same lock during the same boot knows
 * that the earlier holder is dead.
 *
 * @param bootId the boot of the machine; null where the platform has no such id
 * @param device of the locked file; null, like {@code inode}, where the platform has none
 */
public record HeldLock(
        @Nullable String bootId,
        @Nullable Long device,
        @Nullable Long inode) {

    private static final Path LINUX_BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    /**
     * Identifies the lock on that file. Does not open the file: closing it again would release the lock.
     *
     * @throws IOException when the file's attributes cannot be read
     */
    public static HeldLock on(Path file) throws IOException {
        @Nullable
        String boot =
                Files.exists(LINUX_BOOT_ID) ? Files.readString(LINUX_BOOT_ID).strip() : null;
        if (!file.getFileSystem().supportedFileAttributeViews().contains("unix")) {
            return new HeldLock(boot, null, null);
        }
        var attributes = Files.readAttributes(file, "unix:dev,ino");
        return new HeldLock(boot, (Long) attributes.get("dev"), (Long) attributes.get("ino"));
    }

    /** False also where the platform does not identify locks. */
    boolean isSameAs(HeldLock other) {
        return bootId != null && device != null && equals(other);
    }

    /**
     * True when the file is certainly another one. A boot may renumber the devices, but a restored or copied file never keeps
     * its inode.
     */
    boolean isOnAnotherFileThan(HeldLock other) {
        boolean sameBoot = bootId != null && bootId.equals(other.bootId);
        return inode != null
                && other.inode != null
                && (!inode.equals(other.inode) || sameBoot && !Objects.equals(device, other.device));
    }
}
