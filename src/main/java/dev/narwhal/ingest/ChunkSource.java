package dev.narwhal.ingest;

import dev.narwhal.access.limits.Pace;
import java.nio.ByteBuffer;

/** A body as the server reads it. For one thread. */
public interface ChunkSource {

    /**
     * Waits for bytes and puts them into {@code target}, beginning at its position. Afterwards the position and limit
     * of {@code target} are undefined.
     *
     * @return bytes put, at least 1; -1 at the body's end
     * @throws BodyInterruptedException when the rest of the body will not come; the bytes read before count
     */
    int read(ByteBuffer target) throws BodyInterruptedException;

    /** How fast the body may be read. The time that this takes is not the client's. */
    default Pace pace() {
        return Pace.FREE;
    }

    /** Bytes the client announced; -1 when it did not (chunked). */
    long announcedBytes();
}
