package dev.narwhal.staging;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Checks whether the expected volume is mounted: one stat as long as nothing has changed. Of the requests of a tenth of
 * a second one checks, and the others take its result; before a file is created, the creator checks for itself.
 *
 * <p>Device and inode alone do not identify a volume: the first files of two volumes may have the same inode, and two
 * disks may use the same device one after the other. The file's modification time distinguishes them. When any of the
 * three differs, the file's content decides.
 */
final class MountedVolume {

    static final long FRESH_NANOS = 100_000_000L;

    private final Path root;
    private final String id;
    private final LongSupplier nanoTime;
    private final AtomicLong checkedAt;
    private volatile @Nullable Mark seen;
    private volatile boolean here;

    /** @param fileKey device and inode; null where the platform has none */
    private record Mark(@Nullable Object fileKey, FileTime written) {

        static Mark of(BasicFileAttributes attributes) {
            return new Mark(attributes.fileKey(), attributes.lastModifiedTime());
        }
    }

    MountedVolume(Path root, String id, LongSupplier nanoTime) {
        this.root = root;
        this.id = id;
        this.nanoTime = nanoTime;
        this.checkedAt = new AtomicLong(nanoTime.getAsLong() - FRESH_NANOS);
    }

    /** As {@link #isHereNow()}, up to a tenth of a second ago. */
    boolean isHere() throws IOException {
        long checked = checkedAt.get();
        long now = nanoTime.getAsLong();
        if (!here || now - checked >= FRESH_NANOS && checkedAt.compareAndSet(checked, now)) {
            here = Uninterrupted.call(this::isHereNow);
        }
        return here;
    }

    /** Checks now; called where the file system may be called. */
    void requireHereNow() throws StagingAbsentException {
        if (!isHereNow()) {
            throw absent();
        }
    }

    StagingAbsentException absent() {
        return new StagingAbsentException("The staging volume " + id + " is not at " + root + " any more");
    }

    /** False when there is no volume, another one, or an unreadable one. */
    boolean isHereNow() {
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
