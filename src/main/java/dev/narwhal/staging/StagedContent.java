package dev.narwhal.staging;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;

/** Staged bytes, opened for reading; stays readable after a delete until it is closed. Safe for several threads. */
public interface StagedContent extends Closeable {

    /** Number of bytes, from 0; as requested from {@link StagingStore#read}. */
    long length();

    /**
     * Reads at most {@code target.remaining()} bytes from {@code position} on, never past {@link #length()}. Uses
     * direct I/O for large ranges, where the file system allows it, if the target is a direct buffer and its address,
     * its remaining bytes and the position are multiples of 4 KiB.
     *
     * @return bytes read, at least 1; -1 at the end
     */
    int read(ByteBuffer target, long position) throws IOException;

    /** The file itself, if there is one with exactly these bytes: a destination may link it. */
    Optional<Path> file();

    @Override
    void close();
}
