package dev.narwhal.destination;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;

/** The bytes to deliver. They do not change. Safe for several threads, because several threads send parts in parallel. */
public interface ContentSource {

    /** Bytes. Direct I/O requires buffer addresses and file positions that are multiples of this. */
    int ALIGNMENT = 4096;

    /** A direct buffer of {@code bytes} bytes whose address is a multiple of {@link #ALIGNMENT}. */
    static ByteBuffer aligned(int bytes) {
        return ByteBuffer.allocateDirect(bytes + ALIGNMENT - 1)
                .alignedSlice(ALIGNMENT)
                .limit(bytes)
                .slice();
    }

    /** Bytes, from 0. */
    long length();

    /**
     * Reads at most {@code target.remaining()} bytes, starting at {@code position}. A large file is read fastest into a
     * direct buffer of at least 1 MiB. The buffer's address, its remaining bytes and {@code position} should then be
     * multiples of {@link #ALIGNMENT}.
     *
     * @return bytes read, at least 1; -1 at the end
     */
    int read(ByteBuffer target, long position) throws IOException;

    /** The file that holds exactly these bytes, if there is one. Destinations may link it, and never move or change it. */
    Optional<Path> file();

    /** True when the bytes are known to survive a power cut. A destination that links the file then need not sync it. */
    default boolean isDurable() {
        return false;
    }
}
