package dev.narwhal.destination;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Bytes in memory, with or without a file that holds the same. */
public record TestContent(byte[] bytes, @Nullable Path staged) implements ContentSource {

    public static TestContent random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return new TestContent(bytes, null);
    }

    public TestContent stagedAt(Path file) throws IOException {
        Files.write(file, bytes);
        return new TestContent(bytes, file);
    }

    @Override
    public long length() {
        return bytes.length;
    }

    @Override
    public int read(ByteBuffer target, long position) {
        if (position >= bytes.length) {
            return -1;
        }
        int count = (int) Math.min(target.remaining(), bytes.length - position);
        target.put(bytes, (int) position, count);
        return count;
    }

    @Override
    public Optional<Path> file() {
        return Optional.ofNullable(staged);
    }
}
