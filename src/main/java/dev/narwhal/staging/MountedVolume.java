package dev.narwhal.staging;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/**
 * Checks for every request whether the expected volume is mounted: one stat as long as nothing has changed.
 *
 * <p>Device and inode alone do not identify a volume: the first files of two volumes may have the same inode, and two
 * disks may use the same device one after the other. The file's modification time distinguishes them. When any of the
 * three differs, the file's content decides.
 */
final class MountedVolume {

    private final Path root;
    private final String id;
    private volatile @Nullable Mark seen;

    /** @param fileKey device and inode; null where the platform has none */
    private record Mark(@Nullable Object fileKey, FileTime written) {

        static Mark of(BasicFileAttributes attributes) {
            return new Mark(attributes.fileKey(), attributes.lastModifiedTime());
        }
    }

    MountedVolume(Path root, String id) {
        this.root = root;
        this.id = id;
    }

    /** False when there is no volume, another one, or an unreadable one. */
    boolean isHere() {
        try {
            Mark now = Mark.of(Files.readAttributes(StagingVolume.mark(root), BasicFileAttributes.class));
            if (now.equals(seen)) {
                return true;
            }
            boolean ours = StagingVolume.isAt(root, id);
            if (ours) {
                seen = now;
            }
            return ours;
        } catch (IOException e) {
            return false;
        }
    }
}
