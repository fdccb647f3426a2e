package dev.narwhal.ingest;

import java.nio.ByteBuffer;

/** A body on its way in. Used by one thread. */
public interface ChunkSource {

    /**
     * Waits for bytes and puts them into {@code target} from its position on. Moves neither position nor limit in a way
     * that the caller may rely on.
     *
     * @return bytes put, at least 1; -1 when the body is whole
     * @throws BodyInterruptedException when the rest of the body will not come; what was read before counts
     */
    int read(ByteBuffer target) throws BodyInterruptedException;

    /** Bytes the client announced; -1 when it did not (chunked). */
    long announcedBytes();
}
