package dev.narwhal.staging;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Directories whose entries survive power loss: POSIX keeps a new entry only once its parent has been synced. */
final class Directories {

    private Directories() {}

    /** Creates the directory and all missing directories above it, and syncs the parent of each new one. */
    static void createDurably(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        Path parent = directory.getParent();
        if (parent != null) {
            createDurably(parent);
        }
        createIfMissing(directory);
        if (parent != null) {
            sync(parent);
        }
    }

    /** Creates one directory, unless another thread or process has created it. Does not sync. */
    static void createIfMissing(Path directory) throws IOException {
        try {
            Files.createDirectory(directory);
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(directory)) {
                throw e;
            }
        }
    }

    /** Makes the directory's entries durable. No-op on Windows, where a directory cannot be opened. */
    static void sync(Path directory) throws IOException {
        if (!directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return;
        }
        Uninterrupted.sync(() -> {
            try (FileChannel entries = FileChannel.open(directory, StandardOpenOption.READ)) {
                entries.force(true);
            }
        });
    }
}
