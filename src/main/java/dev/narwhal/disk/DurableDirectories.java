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
     * Makes the directory and whatever is missing above it, and syncs the parent of each level made. What was there already is
     * not synced.
     *
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
     * Makes one directory; somebody else may have been faster. Does not sync.
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
     * Makes the directory's entries durable. No-op where directories cannot be opened: Windows has no such call, and its file
     * system keeps its entries in a journal. An interrupt of the thread ends it with an error.
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
