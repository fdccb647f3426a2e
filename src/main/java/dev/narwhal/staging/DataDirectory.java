package dev.narwhal.staging;

import dev.narwhal.disk.DurableDirectories;
import dev.narwhal.node.HeldLock;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * The directory of the embedded database, staged bytes and delivered files. One process holds it at a time, by an
 * operating system lock from {@link #open} to {@link #close()}. The lock ends with its process in any case; the file
 * {@code .lock} stays and means nothing by itself.
 */
public final class DataDirectory implements Closeable {

    private static final String LOCK_FILE = ".lock";
    /** Far behind the process id, because on Windows other processes cannot read a locked region. */
    private static final long LOCKED_BYTE = Long.MAX_VALUE - 1;

    /**
     * Directories that this process holds. Checked before the lock file is opened: POSIX drops a process's lock as soon
     * as the process closes <em>any</em> handle of the file, so checking the file would release the lock.
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    /** Handles that must not be closed while another class loader of this process holds the lock (see {@link #HELD}). */
    private static final Queue<FileChannel> NEVER_CLOSED = new ConcurrentLinkedQueue<>();

    private final Path path;
    private final FileChannel lockFile;

    private DataDirectory(Path path, FileChannel lockFile) {
        this.path = path;
        this.lockFile = lockFile;
    }

    /**
     * Creates the directory durably if it is missing, and takes its lock.
     * @throws DataDirectoryException when it cannot be created or written, or another process holds it
     */
    public static DataDirectory open(Path directory) {
        Path wanted = directory.toAbsolutePath().normalize();
        try {
            DurableDirectories.create(wanted);
            Path real = wanted.toRealPath();
            if (!HELD.add(real)) {
                throw inUse(real, "this process");
            }
            return lock(real);
        } catch (IOException e) {
            throw new DataDirectoryException(
                    "The data directory " + wanted + " cannot be used (" + e + "): make it writable for this user, or"
                            + " name another one with narwhal.data-dir",
                    e);
        }
    }

    private static DataDirectory lock(Path real) throws IOException {
        FileChannel file = null;
        try {
            file = FileChannel.open(
                    real.resolve(LOCK_FILE),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE);
            if (tryLock(file, real) == null) {
                throw inUse(real, holder(file));
            }
            writeProcessId(file);
            return new DataDirectory(real, file);
        } catch (IOException | RuntimeException e) {
            HELD.remove(real);
            if (file != null && !NEVER_CLOSED.contains(file)) {
                file.close();
            }
            throw e;
        }
    }

    /**
     * The present holder of the directory, as text for people: "another process (4711)". Changes nothing; empty when no
     * process holds it, or there is no such directory.
     */
    public static Optional<String> holder(Path directory) throws IOException {
        Path lockFile = directory.resolve(LOCK_FILE);
        if (!Files.exists(lockFile)) {
            return Optional.empty();
        }
        if (HELD.contains(directory.toRealPath())) {
            return Optional.of("this process");
        }
        try (FileChannel file = FileChannel.open(lockFile, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            try (FileLock free = file.tryLock(LOCKED_BYTE, 1, false)) {
                return free == null ? Optional.of(holder(file)) : Optional.empty();
            }
        }
    }

    private static @Nullable FileLock tryLock(FileChannel file, Path real) throws IOException {
        try {
            return file.tryLock(LOCKED_BYTE, 1, false);
        } catch (OverlappingFileLockException e) {
            NEVER_CLOSED.add(file);
            throw inUse(real, "this process");
        }
    }

    private static DataDirectoryException inUse(Path real, String holder) {
        return new DataDirectoryException("The data directory " + real + " is in use by " + holder
                + ": stop that one first, or give this one a directory of its own with narwhal.data-dir");
    }

    private static String holder(FileChannel file) throws IOException {
        ByteBuffer content = ByteBuffer.allocate(20);
        file.read(content, 0);
        String pid = new String(content.array(), 0, content.position(), StandardCharsets.US_ASCII).strip();
        return pid.matches("[0-9]+") ? "another process (" + pid + ")" : "another process";
    }

    private static void writeProcessId(FileChannel file) throws IOException {
        file.truncate(0);
        String pid = ProcessHandle.current().pid() + System.lineSeparator();
        file.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.US_ASCII)), 0);
    }

    /** Absolute and real: symbolic links are resolved. */
    public Path path() {
        return path;
    }

    /** The identity of the held lock: no other lock has the same. */
    HeldLock heldLock() throws IOException {
        return HeldLock.on(path.resolve(LOCK_FILE));
    }

    /**
     * A directory below this one, created durably if it is missing.
     * @throws DataDirectoryException when it cannot be created
     */
    public Path directory(String name) {
        Path directory = path.resolve(name);
        try {
            DurableDirectories.create(directory);
            // Also for an existing directory: its creator may have crashed before the entry was durable.
            DurableDirectories.sync(path);
        } catch (IOException e) {
            throw new DataDirectoryException(
                    "The directory " + directory + " cannot be made (" + e
                            + "): make what is above it writable for this"
                            + " user, or name another place with narwhal.data-dir",
                    e);
        }
        return directory;
    }

    /** Releases the directory. Idempotent. */
    @Override
    public void close() {
        if (!lockFile.isOpen()) {
            return;
        }
        try {
            lockFile.close();
        } catch (IOException e) {
            throw new DataDirectoryException("The lock of the data directory " + path + " cannot be given back", e);
        } finally {
            HELD.remove(path);
        }
    }
}
