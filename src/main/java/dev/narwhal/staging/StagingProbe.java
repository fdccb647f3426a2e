package dev.narwhal.staging;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Tests whether a disk meets staging's needs, in a directory of its own that {@link #close()} removes. Touches no file
 * of staging or of another process.
 */
public final class StagingProbe implements Closeable {

    private static final String PREFIX = ".narwhal-doctor-";
    private static final int WRITTEN = 4096;

    private final Path directory;
    private final ChannelOpener opener;

    private StagingProbe(Path directory, ChannelOpener opener) {
        this.directory = directory;
        this.opener = opener;
    }

    /**
     * @param parent an existing directory
     * @throws IOException when no directory can be created there
     */
    public static StagingProbe in(Path parent) throws IOException {
        return in(parent, FileChannel::open);
    }

    static StagingProbe in(Path parent, ChannelOpener opener) throws IOException {
        return new StagingProbe(Files.createTempDirectory(parent, PREFIX), opener);
    }

    /** Whether direct I/O works for large bodies. */
    public boolean isDirectPossible() {
        return DirectIo.probe(directory, opener, System::nanoTime).isEnabled();
    }

    /** Free bytes for this user. */
    public long freeBytes() throws IOException {
        return Files.getFileStore(directory).getUsableSpace();
    }

    /** The type of the file system, such as {@code ext4} or {@code tmpfs}. */
    public String fileSystem() throws IOException {
        return Files.getFileStore(directory).type();
    }

    /**
     * Times writing and syncing 4 KiB, as before an acknowledgement.
     * @param count number of writes, at least 1
     * @return their durations, the shortest first
     */
    public List<Duration> syncedWrites(int count) throws IOException {
        List<Duration> times = new ArrayList<>();
        Path file = directory.resolve("synced");
        try (FileChannel channel = opener.open(file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE))) {
            long position = 0;
            for (int i = 0; i < count; i++) {
                long begun = System.nanoTime();
                ByteBuffer bytes = ByteBuffer.allocate(WRITTEN);
                while (bytes.hasRemaining()) {
                    position += channel.write(bytes, position);
                }
                channel.force(false);
                times.add(Duration.ofNanos(System.nanoTime() - begun));
            }
        }
        Collections.sort(times);
        return List.copyOf(times);
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.deleteIfExists(file);
            }
        }
        Files.deleteIfExists(directory);
    }
}
