package dev.narwhal.faults;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * A journal of all that a server does to the files below one directory, and of its answers, in one order. It is written by
 * a small library in C that is preloaded into the server, between it and libc.
 *
 * @param root real and absolute
 */
record DiskJournal(Path library, Path file, Path root) {

    private static final Path SOURCE = Path.of("src/test/native/disk-journal.c");
    private static final long DIRECTORY = 2;
    private static final long CREATED = 1;

    /** Compiles the library; skips the test where there is no compiler, except in CI, where that is a failure. */
    static Path compile(Path directory) throws IOException, InterruptedException {
        Path library = directory.resolve("disk-journal.so");
        try {
            Process gcc = new ProcessBuilder(
                            "gcc",
                            "-shared",
                            "-fPIC",
                            "-O2",
                            "-fvisibility=hidden",
                            "-o",
                            library.toString(),
                            SOURCE.toString(),
                            "-ldl",
                            "-lpthread")
                    .inheritIO()
                    .start();
            if (!gcc.waitFor(60, TimeUnit.SECONDS) || gcc.exitValue() != 0) {
                throw new IllegalStateException("gcc does not compile " + SOURCE);
            }
        } catch (IOException e) {
            if ("true".equals(System.getenv("CI"))) {
                throw e;
            }
            Assumptions.abort("The journal of the disk needs gcc on Linux: " + e.getMessage());
        }
        return library;
    }

    /** For the process that is to be watched. */
    Map<String, String> environment() {
        return Map.of(
                "LD_PRELOAD",
                library.toString(),
                "DISK_JOURNAL",
                file.toString(),
                "DISK_JOURNAL_ROOT",
                root.toString());
    }

    /**
     * Everything so far.
     *
     * @throws IllegalStateException when something was done that a journal cannot tell
     */
    List<DiskEvent> read() throws IOException {
        List<DiskEvent> events = new ArrayList<>();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer bytes = channel.map(MapMode.READ_ONLY, 0, channel.size()).order(ByteOrder.nativeOrder());
            while (bytes.hasRemaining()) {
                events.add(next(bytes));
            }
        }
        return events;
    }

    private static DiskEvent next(ByteBuffer bytes) {
        char type = (char) bytes.get();
        int thread = bytes.getInt();
        long a = bytes.getLong();
        long b = bytes.getLong();
        int textLength = bytes.getInt();
        int dataLength = bytes.getInt();
        String text = UTF_8.decode(slice(bytes, textLength)).toString();
        ByteBuffer data = slice(bytes, dataLength);
        return switch (type) {
            case 'O' -> new DiskEvent.Opened(a, Path.of(text), (b & CREATED) != 0, (b & DIRECTORY) != 0, b >> 2);
            case 'W' -> new DiskEvent.Written(a, b, data);
            case 'T' -> new DiskEvent.Truncated(a, b);
            case 'S' -> new DiskEvent.SyncBegun(a, b);
            case 'E' -> new DiskEvent.SyncEnded(a, b);
            case 'M' -> new DiskEvent.MadeDirectory(Path.of(text));
            case 'L' -> new DiskEvent.Linked(Path.of(text), path(data));
            case 'R' -> new DiskEvent.Renamed(Path.of(text), path(data));
            case 'U' -> new DiskEvent.Removed(Path.of(text));
            case 'A' -> new DiskEvent.Answered(ISO_8859_1.decode(data).toString());
            default -> throw new IllegalStateException("Thread " + thread + " did what cannot be replayed: " + text);
        };
    }

    private static Path path(ByteBuffer data) {
        return Path.of(UTF_8.decode(data).toString());
    }

    private static ByteBuffer slice(ByteBuffer bytes, int length) {
        ByteBuffer slice = bytes.slice(bytes.position(), length);
        bytes.position(bytes.position() + length);
        return slice;
    }
}
