package dev.narwhal.client.resume;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** An operating-system lock on a file of its own: it ends with the process, however that ends. */
public final class Claim implements AutoCloseable {

    private final Path file;
    private final FileChannel channel;

    private Claim(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    static Optional<Claim> take(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        boolean locked = false;
        try {
            locked = channel.tryLock() != null;
        } catch (OverlappingFileLockException ours) {
            // Held by this process: for the caller the same as held by another one.
            locked = false;
        } finally {
            if (!locked) {
                channel.close();
            }
        }
        return locked ? Optional.of(new Claim(file, channel)) : Optional.empty();
    }

    /** The name goes before the lock, so that no lock that somebody holds loses its name. */
    @Override
    public void close() {
        try (channel) {
            Files.deleteIfExists(file);
        } catch (IOException left) {
            // An empty file stays until old entries are removed; the lock itself ends with the process at the latest.
            return;
        }
    }
}
