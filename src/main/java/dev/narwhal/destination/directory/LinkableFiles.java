package dev.narwhal.destination.directory;

import dev.narwhal.destination.ContentSource;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Hard links from staged files to names below a root, and which of them are possible. Asks the system for the file systems of two
 * directories once, and not for each file: it reads the list of all mounts for that.
 */
final class LinkableFiles {

    private static final int KNOWN_PAIRS = 4096;

    /** Two directories on one file system. */
    private record Pair(Path staged, Path target) {}

    private final Path root;

    private final Set<Pair> sameFileSystem =
            Collections.synchronizedSet(Collections.newSetFromMap(new LinkedHashMap<>() {
                @Override
                protected boolean removeEldestEntry(Map.Entry<Pair, Boolean> eldest) {
                    return size() > KNOWN_PAIRS;
                }
            }));

    LinkableFiles(Path root) {
        this.root = root;
    }

    /**
     * The content's file, if a link from {@code target} to it seems possible. The answer may be wrong where somebody mounts a
     * disk below the root meanwhile; {@link #link} then says so.
     */
    Optional<Path> linkable(ContentSource content, Path target) throws IOException {
        Optional<Path> staged = content.file();
        if (staged.isEmpty()) {
            return staged;
        }
        Path directory = DirectoryTree.parent(target);
        Pair pair = new Pair(DirectoryTree.parent(staged.get()), top(directory));
        if (sameFileSystem.contains(pair)) {
            return staged;
        }
        if (!Files.getFileStore(staged.get()).equals(Files.getFileStore(directory))) {
            return Optional.empty();
        }
        sameFileSystem.add(pair);
        return staged;
    }

    /** The directory next to the root in which {@code directory} is, or the root. */
    private Path top(Path directory) {
        int below = root.getNameCount();
        return directory.getNameCount() > below ? directory.getName(below) : root;
    }

    /** False when the file system refuses the link. */
    static boolean link(Path existing, Path name) throws IOException {
        try {
            Files.createLink(name, existing);
            return true;
        } catch (FileAlreadyExistsException | NoSuchFileException e) {
            throw e;
        } catch (FileSystemException | UnsupportedOperationException e) {
            // The file system does not support this link (EXDEV, EPERM, EMLINK). For any other reason
            // the copy fails, too.
            return false;
        }
    }
}
