package dev.narwhal.doctor;

import dev.narwhal.destination.ContentSource;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;

/** The probe's content: a few bytes in memory. */
final class ProbeContent implements ContentSource {

    private final byte[] bytes;

    ProbeContent(byte[] bytes) {
        this.bytes = bytes.clone();
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
        return Optional.empty();
    }
}
