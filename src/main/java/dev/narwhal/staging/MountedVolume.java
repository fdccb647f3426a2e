package dev.narwhal.staging;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/**
 * Whether one volume is the one that is mounted at a place, for every request: one stat while nothing has changed.
 *
 * <p>Device and inode alone would not do: two volumes may have their first file at the same inode, and two disks the same
 * device, one after the other. The time at which the file was written tells them apart. When any of it differs, what is
 * written there decides.
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

    /** False when there is none, another one, or one that cannot be read. */
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
