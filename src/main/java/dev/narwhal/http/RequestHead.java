package dev.narwhal.http;

import java.nio.ByteBuffer;
import org.apache.coyote.Request;
import org.apache.coyote.http11.Http11InputBuffer;
import org.apache.tomcat.util.buf.ByteChunk;
import org.apache.tomcat.util.buf.MessageBytes;
import org.apache.tomcat.util.http.MimeHeaders;
import org.jspecify.annotations.Nullable;

/**
 * The container's buffer for the head of a request. While a slow body arrives, it is only as large as the head; the
 * next request gets one of the full size.
 */
final class RequestHead {

    private final Request request;
    private int capacity;
    private @Nullable ByteBuffer shrunk;

    RequestHead(Request request) {
        this.request = request;
    }

    /** Called while the body arrives, when the buffer has no unread bytes. */
    void shrink() {
        Http11InputBuffer input = (Http11InputBuffer) request.getInputBuffer();
        ByteBuffer full = input.getByteBuffer();
        if (shrunk != null || full.hasRemaining()) {
            return;
        }
        capacity = full.capacity();
        shrunk = copy(full, full.position());
        moveReferences(full.array(), shrunk.array());
        input.setByteBuffer(shrunk);
    }

    /**
     * Called when the request has been answered, before the container reads on.
     *
     * @param readsOn false when nothing will be read from this connection: then the next connection gets a new buffer
     */
    void restore(boolean readsOn) {
        if (shrunk != null && readsOn) {
            ((Http11InputBuffer) request.getInputBuffer()).setByteBuffer(copy(shrunk, capacity));
        }
        shrunk = null;
    }

    private static ByteBuffer copy(ByteBuffer from, int capacity) {
        int end = from.position();
        return ByteBuffer.allocate(capacity).put(0, from, 0, end).limit(end).position(end);
    }

    /** The container refers to parts of the head by array and position. */
    private void moveReferences(byte[] from, byte[] to) {
        MimeHeaders headers = request.getMimeHeaders();
        // Drops the fields beyond the last one, which earlier requests have left. The container raises it again.
        headers.setLimit(headers.size() + 1);
        for (int i = 0; i < headers.size(); i++) {
            move(headers.getName(i), from, to);
            move(headers.getValue(i), from, to);
        }
        move(request.requestURI(), from, to);
        move(request.queryString(), from, to);
        move(request.protocol(), from, to);
        move(request.serverName(), from, to);
    }

    private static void move(@Nullable MessageBytes text, byte[] from, byte[] to) {
        if (text == null) {
            return;
        }
        ByteChunk bytes = text.getByteChunk();
        if (bytes.getBytes() == from) {
            bytes.setBytes(to, bytes.getStart(), bytes.getLength());
        }
    }
}
