package dev.narwhal.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * A disk of its own, mounted at a directory, that can be made to hang: an ext4 in a file, which {@code fsfreeze} stops. To
 * whoever writes there it is a disk, or a network volume, that does not answer for a while; reading goes on. Needs Linux
 * and root.
 */
public final class FreezableDisk implements AutoCloseable {

    private static final long COMMAND_SECONDS = 30;

    private final Path image;
    private final Path mountPoint;
    private boolean mounted;

    private FreezableDisk(Path image, Path mountPoint) {
        this.image = image;
        this.mountPoint = mountPoint;
    }

    /** Skips the test where there can be no such disk; where {@code CI} is true it fails. */
    public static void assumePossible() throws IOException {
        String missing = missing();
        if (missing.isEmpty()) {
            return;
        }
        if ("true".equals(System.getenv("CI"))) {
            throw new IllegalStateException(missing);
        }
        Assumptions.abort(missing);
    }

    private static String missing() throws IOException {
        if (!"root".equals(System.getProperty("user.name"))) {
            return "A disk that hangs is mounted and frozen by root, not by " + System.getProperty("user.name");
        }
        if (!Files.exists(Path.of("/dev/loop-control"))) {
            return "No /dev/loop-control: this system has no loop devices";
        }
        for (String command : List.of("mkfs.ext4", "mount", "umount", "fsfreeze")) {
            if (output("sh", "-c", "command -v " + command).isEmpty()) {
                return "The command " + command + " is not installed";
            }
        }
        return "";
    }

    /** Makes the disk and mounts it. Its image lies beside the mount point. */
    public static FreezableDisk at(Path mountPoint, int mebibytes) throws IOException {
        Files.createDirectories(mountPoint);
        Path image = mountPoint.resolveSibling(mountPoint.getFileName() + ".img");
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength((long) mebibytes << 20);
        }
        output("mkfs.ext4", "-q", "-F", image.toString());
        FreezableDisk disk = new FreezableDisk(image, mountPoint);
        disk.mount();
        return disk;
    }

    public void mount() throws IOException {
        output("mount", "-o", "loop", image.toString(), mountPoint.toString());
        mounted = true;
    }

    /** Nobody may have a file open there. */
    public void unmount() throws IOException {
        output("umount", mountPoint.toString());
        mounted = false;
    }

    /** From now on every write there waits, and a writer cannot even be killed, until the answer is closed. */
    public Freeze freeze() throws IOException {
        output("fsfreeze", "--freeze", mountPoint.toString());
        return () -> output("fsfreeze", "--unfreeze", mountPoint.toString());
    }

    /** Ends when it is closed. */
    public interface Freeze extends AutoCloseable {

        @Override
        void close() throws IOException;
    }

    @Override
    public void close() throws IOException {
        if (mounted) {
            // Lazily: it goes with the last process that has a file open there.
            output("umount", "--lazy", mountPoint.toString());
        }
        Files.deleteIfExists(image);
    }

    private static String output(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
        try {
            if (!process.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException(String.join(" ", command) + " does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
        if (process.exitValue() != 0 && !command[0].equals("sh")) {
            throw new IOException(String.join(" ", command) + ": " + said);
        }
        return said;
    }
}
