package dev.narwhal.destination.directory;

import dev.narwhal.destination.DestinationException;
import dev.narwhal.disk.DurableDirectories;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * The directories below a root. It converts keys to paths that stay below the root. It creates directories durably: at each
 * level it syncs the directory that holds the new entry.
 */
final class DirectoryTree {

    /** The server uses names with this prefix for its own files, and never for a delivered file. */
    static final String RESERVED_PREFIX = ".narwhal-";

    private static final int MAX_NAME_BYTES = 255;
    private static final int KNOWN_DIRECTORIES = 1024;

    private final Path root;

    /** Directories whose own entry in their parent is durable. Bounded: keys can name any number of directories. */
    private final Set<Path> durable = Collections.synchronizedSet(Collections.newSetFromMap(new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Path, Boolean> eldest) {
            return size() > KNOWN_DIRECTORIES;
        }
    }));

    /** @param root absolute */
    DirectoryTree(Path root) {
        this.root = root;
    }

    /**
     * The path of a key. The text of a key never leads out of the root. This method does not check symbolic links below the
     * root: only the operator creates them.
     *
     * @throws DestinationException FINAL when the key is no path below the root
     * @throws java.nio.file.InvalidPathException when the file system, or Java in the server's locale, does not support such
     *     a name
     */
    Path resolve(String key) throws DestinationException {
        for (String name : key.split("/", -1)) {
            if (!isName(name)) {
                throw new DestinationException(
                        DestinationException.Failure.FINAL, "The key '" + key + "' cannot be a file below " + root);
            }
        }
        Path path = root.resolve(key).normalize();
        if (!path.startsWith(root) || path.equals(root)) {
            throw new DestinationException(
                    DestinationException.Failure.FINAL, "The key '" + key + "' leads out of " + root);
        }
        return path;
    }

    /** False in a POSIX locale, in which Java supports only ASCII file names. */
    static boolean canNameAnyFile() {
        try {
            return !Path.of("\u00fc").toString().isEmpty();
        } catch (InvalidPathException e) {
            return false;
        }
    }

    private static boolean isName(String name) {
        return !name.isEmpty()
                && !name.equals(".")
                && !name.equals("..")
                && !name.regionMatches(true, 0, RESERVED_PREFIX, 0, RESERVED_PREFIX.length())
                && name.indexOf('\0') < 0
                && name.indexOf('\\') < 0
                && name.getBytes(StandardCharsets.UTF_8).length <= MAX_NAME_BYTES;
    }

    /**
     * Creates {@code directory} and its missing parents; durable once {@code unsynced} is synced. Takes for granted that a
     * directory which was durable before still exists.
     *
     * @param mark directories whose names contain it are for one upload alone: the tree does not remember them
     * @throws NoSuchFileException when such a directory was removed: {@link #forget} it, and try again
     */
    void create(Path directory, String mark, UnsyncedDirectories unsynced) throws IOException {
        if (directory.equals(root) || durable.contains(directory) || unsynced.created(directory)) {
            return;
        }
        create(parent(directory), mark, unsynced);
        DurableDirectories.createIfMissing(directory);
        // Also when the directory existed: another thread or process may have created it, and not have synced it yet.
        unsynced.add(parent(directory));
        if (!name(directory).contains(mark)) {
            unsynced.remember(directory);
        }
    }

    /** To be called after a successful sync of all. */
    void synced(Collection<Path> directories) {
        durable.addAll(directories);
    }

    /** The directory or one above it may have been removed. */
    void forget(Path directory) {
        for (Path at = directory; !at.equals(root); at = parent(at)) {
            durable.remove(at);
        }
    }

    /** Removes empty directories, from {@code directory} upwards, as long as their names contain {@code mark}. */
    void removeEmpty(Path directory, String mark) throws IOException {
        Path at = directory;
        while (!at.equals(root) && at.startsWith(root) && name(at).contains(mark)) {
            try {
                Files.delete(at);
                durable.remove(at);
            } catch (DirectoryNotEmptyException | NoSuchFileException e) {
                return; // It holds another file, or is already gone.
            }
            at = parent(at);
        }
    }

    /**
     * The identity of a file: inode and creation time. No other file of the file system has it, not even one that reuses the
     * inode. All hard links to a file have the same identity. It does not contain the device number, which may change when
     * the machine restarts. The marker of the root identifies the disk.
     */
    static String identity(Path file) throws IOException {
        try {
            Map<String, Object> attributes =
                    Files.readAttributes(file, "unix:ino,creationTime", LinkOption.NOFOLLOW_LINKS);
            FileTime created = (FileTime) Objects.requireNonNull(attributes.get("creationTime"));
            return inode(attributes) + ":" + created.to(TimeUnit.NANOSECONDS);
        } catch (UnsupportedOperationException | IllegalArgumentException e) {
            return "unknown:" + UUID.randomUUID(); // Equal to no other: the server mistakes no file for its own.
        }
    }

    private static String inode(Map<String, Object> attributes) {
        return "inode:" + attributes.get("ino");
    }

    /** True when {@code journalled} is the identity of the file, or only its inode, as earlier versions recorded it. */
    static boolean hasIdentity(Path file, String journalled) throws IOException {
        String identity = identity(file);
        return journalled.equals(identity) || identity.startsWith(journalled + ":");
    }

    static Path parent(Path path) {
        Path parent = path.getParent();
        if (parent == null) {
            throw new IllegalArgumentException("'" + path + "' has no parent");
        }
        return parent;
    }

    private static String name(Path path) {
        Path name = path.getFileName();
        return name == null ? "" : name.toString();
    }
}
