package dev.narwhal.disk;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Directories whose entries survive power loss: POSIX keeps a new entry only once its parent has been synced. */
public final class DurableDirectories {

    private DurableDirectories() {}

    /**
     * Creates the directory and all missing directories above it, and syncs the parent of each new one. Does not sync
     * existing ones.
     * @throws java.nio.file.FileAlreadyExistsException when a file has the name of one of them
     */
    public static void create(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        Path parent = directory.getParent();
        if (parent != null) {
            create(parent);
        }
        createIfMissing(directory);
        if (parent != null) {
            sync(parent);
        }
    }

    /**
     * Creates one directory, unless another thread or process has created it. Does not sync.
     *
     * @throws java.nio.file.FileAlreadyExistsException when a file has that name
     */
    public static void createIfMissing(Path directory) throws IOException {
        try {
            Files.createDirectory(directory);
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(directory)) {
                throw e;
            }
        }
    }

    /**
     * Makes the directory's entries durable. No-op on Windows, which cannot open directories and whose file system
     * journals their entries. An interrupt of the thread makes it fail.
     */
    public static void sync(Path directory) throws IOException {
        if (!DurableFiles.isPosix(directory)) {
            return;
        }
        try (FileChannel entries = FileChannel.open(directory, StandardOpenOption.READ)) {
            entries.force(true);
        }
    }
}
