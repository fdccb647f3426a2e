package dev.narwhal.destination;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;

/** The bytes to deliver; they do not change. Safe for several threads, since parts are read in parallel. */
public interface ContentSource {

    /** What addresses and positions are multiples of where a read goes past the page cache: bytes. */
    int ALIGNMENT = 4096;

    /** A direct buffer of that many bytes, at an address that is a multiple of {@link #ALIGNMENT}. */
    static ByteBuffer aligned(int bytes) {
        return ByteBuffer.allocateDirect(bytes + ALIGNMENT - 1)
                .alignedSlice(ALIGNMENT)
                .limit(bytes)
                .slice();
    }

    /** Bytes, from 0. */
    long length();

    /**
     * Reads at most {@code target.remaining()} bytes from {@code position} on. Large files are read fastest into a direct
     * buffer of 1 MiB or more whose address, remaining bytes and position are multiples of {@link #ALIGNMENT}.
     *
     * @return bytes read, at least 1; -1 at the end
     */
    int read(ByteBuffer target, long position) throws IOException;

    /** A file that holds exactly these bytes, where there is one: it may be linked, never moved or changed. */
    Optional<Path> file();
}
