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
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * The directories below a root: keys become paths that cannot leave it, and new entries survive a power cut, which takes
 * a sync of the directory that holds the entry, at each level.
 */
final class DirectoryTree {

    /** Names that begin so are ours and never a delivered file's. */
    static final String RESERVED_PREFIX = ".narwhal-";

    private static final int MAX_NAME_BYTES = 255;
    private static final int KNOWN_DIRECTORIES = 1024;

    private final Path root;

    /** Directories whose own entry is known to be durable; bounded, since keys may make one a file. */
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
     * The path of a key. Symbolic links inside the tree are the operator's business; the key's own text never leads out.
     *
     * @throws DestinationException FINAL when the key is no such path
     * @throws java.nio.file.InvalidPathException when no file of this file system, or none in the server's locale, can have
     *     such a name
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

    /** False in a POSIX locale, where Java can name no file outside ASCII. */
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

    /** Makes {@code directory} and what is missing above it, durably. */
    void create(Path directory) throws IOException {
        if (directory.equals(root) || (durable.contains(directory) && Files.isDirectory(directory))) {
            return;
        }
        create(parent(directory));
        DurableDirectories.createIfMissing(directory);
        // Also when it was there before: whoever made it may not have synced it yet.
        DurableDirectories.sync(parent(directory));
        durable.add(directory);
    }

    /** Removes empty directories from {@code directory} upwards, as long as their name contains {@code mark}. */
    void removeEmpty(Path directory, String mark) throws IOException {
        Path at = directory;
        while (!at.equals(root) && at.startsWith(root) && name(at).contains(mark)) {
            try {
                Files.delete(at);
                durable.remove(at);
            } catch (DirectoryNotEmptyException | NoSuchFileException e) {
                return; // Somebody else's file is in it, or it has gone already.
            }
            at = parent(at);
        }
    }

    /**
     * What tells one file from any other on its file system, also from one that has its number after it; survives a second
     * name. Not the device: its number is another after a restart of the machine, and the root says which disk it is.
     */
    static String identity(Path file) throws IOException {
        try {
            Map<String, Object> attributes =
                    Files.readAttributes(file, "unix:ino,creationTime", LinkOption.NOFOLLOW_LINKS);
            FileTime born = (FileTime) Objects.requireNonNull(attributes.get("creationTime"));
            return number(attributes) + ":" + born.to(TimeUnit.NANOSECONDS);
        } catch (UnsupportedOperationException | IllegalArgumentException e) {
            return "unknown:" + UUID.randomUUID(); // Equal to nothing: no file is taken for ours by mistake.
        }
    }

    private static String number(Map<String, Object> attributes) {
        return "inode:" + attributes.get("ino");
    }

    /** Whether this is the identity of the file, or its beginning, which is all that journals of earlier versions have. */
    static boolean isIdentity(String journalled, Path file) throws IOException {
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
