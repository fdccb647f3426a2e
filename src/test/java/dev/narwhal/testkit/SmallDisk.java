package dev.narwhal.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * A file system of its own of a few hundred MB at most, for a disk that fills up or dies. It needs root; a test is skipped
 * where it cannot be made, but for {@code CI=true}, where it fails. For one thread at a time.
 */
public final class SmallDisk implements AutoCloseable {

    private static final int MIB = 1 << 20;
    private static final String BALLAST = "ballast";

    /** What a disk may be. */
    public enum Kind {
        /** In memory; refuses direct I/O. */
        TMPFS,
        /** On a loop device, with a journal and direct I/O. */
        EXT4
    }

    private final Kind kind;
    private final Path root;
    private final Path image;

    private SmallDisk(Kind kind, Path root, Path image) {
        this.kind = kind;
        this.root = root;
        this.image = image;
    }

    /** @param dir an existing directory, in which the disk's root and image are made */
    public static SmallDisk mount(Kind kind, Path dir, int mib) throws IOException {
        SmallDisk disk = new SmallDisk(kind, Files.createDirectories(dir.resolve("disk")), dir.resolve("disk.img"));
        try {
            if (kind == Kind.TMPFS) {
                run("mount", "-t", "tmpfs", "-o", "size=" + mib + "m", "narwhal-test", disk.root.toString());
            } else {
                run("truncate", "-s", mib + "M", disk.image.toString());
                run("mkfs.ext4", "-q", "-m", "0", disk.image.toString());
                disk.mountImage();
            }
        } catch (IOException e) {
            String reason = "No file system of " + mib + " MB (" + kind + ") can be mounted here: " + e.getMessage();
            Assumptions.assumeTrue("true".equals(System.getenv("CI")), reason);
            throw new IOException(reason, e);
        }
        return disk;
    }

    public Path root() {
        return root;
    }

    /** Bytes that may still be written. */
    public long free() throws IOException {
        return Files.getFileStore(root).getUsableSpace();
    }

    /** Somebody else fills the disk until {@code left} bytes are free, or nothing at all when that is 0. May be called again. */
    public void fill(long left) throws IOException {
        byte[] zeros = new byte[MIB];
        try (OutputStream out =
                Files.newOutputStream(root.resolve(BALLAST), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            for (long room = free() - left; left == 0 || room > 0; room -= zeros.length) {
                out.write(zeros, 0, (int) Math.min(zeros.length, left == 0 ? zeros.length : room));
            }
        } catch (IOException e) {
            if (left > 0) {
                throw e;
            }
        }
    }

    /** What {@link #fill} took is free again. */
    public void release() throws IOException {
        Files.delete(root.resolve(BALLAST));
    }

    /** The kernel gives the file system up, as after an I/O error of its journal: every write fails from now on. EXT4 only. */
    public void die() throws IOException {
        run("mount", "-o", "remount,abort", root.toString());
    }

    /** As after the machine was started again: the journal is played back. Nobody may have a file open. EXT4 only. */
    public void revive() throws IOException {
        run("umount", root.toString());
        // Clears the mark of the error that die() has left; 1 says that something was mended.
        run(1, "e2fsck", "-fy", image.toString());
        mountImage();
    }

    private void mountImage() throws IOException {
        run("mount", "-o", "loop", image.toString(), root.toString());
    }

    /** Unmounts it, also when somebody still uses it. */
    @Override
    public void close() throws IOException {
        run("umount", "-l", root.toString());
        if (kind == Kind.EXT4) {
            Files.deleteIfExists(image);
        }
    }

    private static void run(String... command) throws IOException {
        run(0, command);
    }

    private static void run(int worst, String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() > worst) {
                throw new IOException(Arrays.toString(command) + ": " + said);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
