package dev.narwhal.staging;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;

/** The content of an upload without a byte, which has no file. */
final class EmptyContent implements StagedContent {

    @Override
    public long length() {
        return 0;
    }

    @Override
    public int read(ByteBuffer target, long position) {
        if (position < 0) {
            throw new IllegalArgumentException("A position is at least 0, not " + position);
        }
        return -1;
    }

    @Override
    public Optional<Path> file() {
        return Optional.empty();
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}
