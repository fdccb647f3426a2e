package dev.narwhal.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Files whose content survives power loss. */
public final class DurableFiles {

    private DurableFiles() {}

    /** Syncs the file: makes all writes to it durable, including those of other processes. */
    public static void sync(Path file) throws IOException {
        // Windows syncs only a file that is open for writing.
        OpenOption access = isPosix(file) ? StandardOpenOption.READ : StandardOpenOption.WRITE;
        try (FileChannel channel = FileChannel.open(file, access)) {
            channel.force(true);
        }
    }

    /**
     * Replaces the file's content by this text: after a crash it has the old content or the new one. Uses a second file
     * of the same name with the suffix {@code .new}.
     */
    public static void write(Path file, String text) throws IOException {
        Path unfinished = file.resolveSibling(file.getFileName() + ".new");
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        try (FileChannel channel = FileChannel.open(
                unfinished,
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING)) {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        Path parent = file.getParent();
        if (parent != null) {
            DurableDirectories.sync(parent);
        }
    }

    static boolean isPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
