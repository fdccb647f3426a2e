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
 * Tries what staging needs of a disk, in a directory of its own that goes with {@link #close()}: nothing that staging or
 * another process has there is touched.
 */
public final class StagingTrial implements Closeable {

    private static final String PREFIX = ".narwhal-doctor-";
    private static final int WRITTEN = 4096;

    private final Path directory;
    private final ChannelOpener opener;

    private StagingTrial(Path directory, ChannelOpener opener) {
        this.directory = directory;
        this.opener = opener;
    }

    /**
     * @param parent an existing directory
     * @throws IOException when nothing can be made there
     */
    public static StagingTrial in(Path parent) throws IOException {
        return in(parent, FileChannel::open);
    }

    static StagingTrial in(Path parent, ChannelOpener opener) throws IOException {
        return new StagingTrial(Files.createTempDirectory(parent, PREFIX), opener);
    }

    /** Whether large bodies can be written past the page cache. */
    public boolean isDirectPossible() {
        return DirectIo.probe(directory, opener, System::nanoTime).isTrusted();
    }

    /** Bytes that this user may still write. */
    public long freeBytes() throws IOException {
        return Files.getFileStore(directory).getUsableSpace();
    }

    /** Of the file system, in the system's own words, such as {@code ext4} or {@code tmpfs}. */
    public String fileSystem() throws IOException {
        return Files.getFileStore(directory).type();
    }

    /**
     * How long it takes until 4 KiB more of a file are durable, as an upload's are before they are acknowledged.
     *
     * @param count how many times it is done, at least 1
     * @return as many times, the shortest first
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
