package dev.narwhal.http;

import java.nio.ByteBuffer;
import org.apache.coyote.Request;
import org.apache.coyote.http11.Http11InputBuffer;
import org.apache.coyote.http11.InputFilter;
import org.apache.coyote.http11.filters.ChunkedInputFilter;
import org.jspecify.annotations.Nullable;

/**
 * A body in chunks, of which the container reads what is between the chunks, and the first bytes of each. It reads as
 * much as its buffer holds, mostly 16 KiB, so between large chunks it gets a small buffer. Tomcat does not tell where it
 * is within a chunk: where {@link ContainerFields} cannot either, the container reads all.
 */
final class ChunkReader {

    /** More bytes of a chunk than these are worth a read of their own. */
    private static final int WORTHWHILE = 8 << 10;

    /** Enough for the end of a chunk and the size of the next one. */
    private static final int BETWEEN = 32;

    /** Of the filter, while it reads the bytes of a chunk. */
    private static final String INSIDE = "CHUNK_BODY";

    private static final @Nullable ContainerFields FIELDS = ContainerFields.FOUND;

    private final Request request;
    private final @Nullable ChunkedInputFilter filter;
    private int largest;
    /** Of the head in the container's buffer. */
    private int end;

    private @Nullable ByteBuffer own;

    ChunkReader(Request request) {
        this.request = request;
        this.filter = FIELDS == null ? null : filter(FIELDS.filtersOf(input()));
    }

    private static @Nullable ChunkedInputFilter filter(InputFilter[] all) {
        for (InputFilter each : all) {
            if (each instanceof ChunkedInputFilter chunked) {
                return chunked;
            }
        }
        return null;
    }

    /** True when the body comes in chunks and in no other encoding. */
    boolean isUsed() {
        return filter != null
                && request.getContentLengthLong() < 0
                && "chunked".equalsIgnoreCase(request.getHeader("Transfer-Encoding"));
    }

    /**
     * Bytes of the present chunk that the container need not read; 0 when it has to read on itself. It always reads the
     * chunk's last byte, and so comes to what follows.
     */
    long left() {
        int left = 0;
        if (FIELDS != null && filter != null && FIELDS.stateOf(filter).equals(INSIDE)) {
            left = FIELDS.leftInChunk(filter);
        }
        largest = Math.max(largest, left);
        return left < WORTHWHILE ? 0 : left - 1;
    }

    /** Called when the container has no unread bytes and is going to read on. */
    void betweenChunks() {
        Http11InputBuffer input = input();
        if (FIELDS == null || input.getByteBuffer().hasRemaining()) {
            return;
        }
        boolean large = largest >= WORTHWHILE;
        largest = 0;
        if (large && own == null) {
            own = input.getByteBuffer();
            end = FIELDS.endOfHead(input);
            input.setByteBuffer(ByteBuffer.allocate(end + BETWEEN).position(end).limit(end));
        } else if (!large) {
            restore();
        }
    }

    /** The container has its own buffer again, with the unread bytes where it expects them. */
    void restore() {
        if (own != null) {
            ByteBuffer small = input().getByteBuffer();
            // Also what it has read: the filter gives back what belongs to the next request.
            own.clear().put(end, small, end, small.limit() - end);
            input().setByteBuffer(own.limit(small.limit()).position(small.position()));
            own = null;
        }
    }

    private Http11InputBuffer input() {
        return (Http11InputBuffer) request.getInputBuffer();
    }
}
