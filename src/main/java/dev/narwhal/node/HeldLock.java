package dev.narwhal.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An operating system lock that a process holds, by what tells it from each other lock. Whoever holds the same one later on
 * the same boot knows that the one before is gone.
 *
 * @param bootId the boot of the machine; null where the platform has no such id
 * @param device of the locked file; null, as {@code inode}, where the platform has none
 */
public record HeldLock(
        @Nullable String bootId,
        @Nullable Long device,
        @Nullable Long inode) {

    private static final Path LINUX_BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    /**
     * The lock on that file. The file is not opened: closing it again would give the lock back.
     *
     * @throws IOException when it cannot be looked at
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

    /** False also where the platform does not tell. */
    boolean isSameAs(HeldLock other) {
        return bootId != null && device != null && equals(other);
    }

    /**
     * True when the file is certainly another one. Devices may be numbered anew with each boot, and files of a directory
     * that is restored or copied never keep their inode.
     */
    boolean isOnAnotherFileThan(HeldLock other) {
        boolean sameBoot = bootId != null && bootId.equals(other.bootId);
        return inode != null
                && other.inode != null
                && (!inode.equals(other.inode) || sameBoot && !Objects.equals(device, other.device));
    }
}
