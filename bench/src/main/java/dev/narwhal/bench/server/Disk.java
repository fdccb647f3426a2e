package dev.narwhal.bench.server;

import dev.narwhal.bench.load.Loads;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;

/** Brings disk and memory into the same state before each run. */
public final class Disk {

    private static final long LARGE = 1 << 20;

    private Disk() {}

    /**
     * Writes back what earlier runs left, then makes the machine have as much memory as a run will fill: a virtual machine's host
     * takes freed memory back, and touching it again is many times slower than the writing that is to be measured.
     */
    public static void prepare(Path directory, long bytes) throws IOException, InterruptedException {
        command("sync", "-f", directory.toString());
        Path file = directory.resolve("warm-memory");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            ByteBuffer block = Loads.block();
            for (long left = bytes; left > 0; left -= block.capacity()) {
                channel.write(block.clear());
            }
        } finally {
            Files.deleteIfExists(file);
        }
    }

    /** Only the large files: after many small ones were deleted, ext4 creates files several times slower for minutes. */
    public static void deleteLarge(Path directory) throws IOException {
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (attributes.size() >= LARGE && !file.toString().contains("/db/")) {
                    Files.delete(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException gone) {
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** @return what it printed, on both streams */
    public static String command(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String printed = new String(process.getInputStream().readAllBytes());
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + ":\n" + printed);
        }
        return printed;
    }
}
