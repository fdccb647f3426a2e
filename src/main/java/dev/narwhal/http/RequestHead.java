package dev.narwhal.http;

import java.nio.ByteBuffer;
import org.apache.coyote.Request;
import org.apache.coyote.http11.Http11InputBuffer;
import org.apache.tomcat.util.buf.ByteChunk;
import org.apache.tomcat.util.buf.MessageBytes;
import org.apache.tomcat.util.http.MimeHeaders;
import org.jspecify.annotations.Nullable;

/**
 * The container's buffer for the head of a request. Connections use some in turn, each from a head's first byte on. While
 * a slow body arrives, the buffer is only as large as the head; the next request gets one of the full size.
 */
final class RequestHead {

    private static final int MOST_KEPT = 64;
    private static final BufferStack HEADS = new BufferStack(MOST_KEPT);
    private static final ByteBuffer NONE = ByteBuffer.allocate(0);

    private final Request request;
    private int capacity;
    private @Nullable ByteBuffer shrunk;

    RequestHead(Request request) {
        this.request = request;
    }

    /**
     * Called before the container reads from the connection; it would make a buffer.
     *
     * @param bytes of the buffer that the container would make
     */
    void provide(int bytes) {
        capacity = bytes;
        ByteBuffer own = input().getByteBuffer();
        if (own == null || own.capacity() < bytes && !own.hasRemaining()) {
            input().setByteBuffer(HEADS.take(bytes).limit(0));
        }
    }

    /** Called between two requests and at the connection's end. */
    void giveBack() {
        ByteBuffer own = input().getByteBuffer();
        if (own != null && own.capacity() == capacity && !own.hasRemaining()) {
            input().setByteBuffer(NONE);
            HEADS.giveBack(own);
        }
    }

    private Http11InputBuffer input() {
        return (Http11InputBuffer) request.getInputBuffer();
    }

    /** Called while the body arrives, when the buffer has no unread bytes. */
    void shrink() {
        Http11InputBuffer input = input();
        ByteBuffer full = input.getByteBuffer();
        if (shrunk != null || full.hasRemaining()) {
            return;
        }
        capacity = full.capacity();
        shrunk = copy(full, ByteBuffer.allocate(full.position()));
        moveReferences(full.array(), shrunk.array());
        input.setByteBuffer(shrunk);
        // Cookies that were read refer to the head.
        if (ParkedMemory.isPossible() && request.getCookies().getCookieCount() == 0) {
            HEADS.giveBack(full);
        }
    }

    /**
     * Called when the request has been answered, before the container reads on.
     *
     * @param readsOn false when nothing will be read from this connection: then the next connection gets a new buffer
     */
    void restore(boolean readsOn) {
        if (shrunk != null && readsOn) {
            input().setByteBuffer(copy(shrunk, HEADS.take(capacity)));
        }
        shrunk = null;
    }

    private static ByteBuffer copy(ByteBuffer from, ByteBuffer to) {
        int end = from.position();
        return to.put(0, from, 0, end).limit(end).position(end);
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
