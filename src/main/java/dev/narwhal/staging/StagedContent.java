package dev.narwhal.staging;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;

/** Staged bytes, opened for reading; stays readable after a delete until it is closed. Safe for several threads. */
public interface StagedContent extends Closeable {

    /** Bytes, from 0; what {@link StagingStore#read} was asked for. */
    long length();

    /**
     * Reads at most {@code target.remaining()} bytes from {@code position} on, never past {@link #length()}. Large stretches
     * are read past the page cache, where the file system lets us, when the target is a direct buffer and its address, its
     * remaining bytes and the position are multiples of 4 KiB.
     *
     * @return bytes read, at least 1; -1 at the end
     */
    int read(ByteBuffer target, long position) throws IOException;

    /** The file itself, where there is one and it holds exactly these bytes: a destination may link it. */
    Optional<Path> file();

    @Override
    void close();
}
