package dev.narwhal.http;

import jakarta.servlet.ServletRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Supplier;
import org.apache.coyote.ActionCode;
import org.apache.coyote.ContinueResponseTiming;
import org.apache.coyote.Request;
import org.apache.coyote.http11.Http11InputBuffer;
import org.apache.tomcat.util.net.ApplicationBufferHandler;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

/**
 * Reads a body with a Content-Length, or the inside of a body's chunks, over HTTP/1.1 without TLS from the socket into
 * the reader's buffer; the container's stream would copy each byte twice or three times. The container keeps its account
 * of the body: it is shown the bytes where they are.
 *
 * <p>The first bytes of a body mostly come with the head and are in the container's buffer. They must be read from its
 * stream before.
 */
public final class StraightBody {

    private static final int BAD_REQUEST = 400;
    private static final String ATTRIBUTE = StraightBody.class.getName();
    /** Tomcat leaves the notes from 17 to 31 free. */
    private static final int NOTE = 17;
    /** A line that brings fewer bytes at a time is slow. */
    private static final int FEW = 8 << 10;

    private final Request request;
    private final Supplier<SocketWrapperBase<?>> connection;
    private final RequestHead head;
    private final ParkedMemory memory;
    private final ChunkReader chunks;
    private boolean inChunks;
    private boolean waited;
    /** The last read took all that had come. */
    private boolean drained;
    /** Nothing more will be read from the connection. */
    private boolean lost;

    private StraightBody(Request request, Supplier<SocketWrapperBase<?>> connection, RequestHead head) {
        this.request = request;
        this.connection = connection;
        this.head = head;
        this.memory = new ParkedMemory(request);
        this.chunks = new ChunkReader(request);
    }

    /** @param connection of the request that is being handled */
    static void prepare(Request request, Supplier<SocketWrapperBase<?>> connection, RequestHead head) {
        request.setNote(NOTE, new StraightBody(request, connection, head));
    }

    /** Called when the head has been read. The head of a request that the container refuses may have no length that is a number. */
    static void attachTo(Request request) {
        if (isPossibleFor(request) || isInChunks(request)) {
            request.setAttribute(ATTRIBUTE, request.getNote(NOTE));
        }
    }

    /** Whether the body of a request, whose head has been read, can be read so. */
    static boolean isPossibleFor(Request request) {
        return request.getNote(NOTE) instanceof StraightBody body
                && body.isOnAPlainConnection()
                && request.getContentLengthLong() > 0;
    }

    private static boolean isInChunks(Request request) {
        if (request.getNote(NOTE) instanceof StraightBody body && body.isOnAPlainConnection()) {
            body.inChunks = body.chunks.isUsed();
            return body.inChunks;
        }
        return false;
    }

    private boolean isOnAPlainConnection() {
        return request.getResponse().getStatus() < BAD_REQUEST && connection.get() instanceof UploadSocket;
    }

    /** Called when the request has been answered. */
    static void detachFrom(Request request) {
        if (request.getNote(NOTE) instanceof StraightBody body) {
            body.waited = false;
            body.drained = false;
            body.inChunks = false;
            body.chunks.restore();
            body.head.restore(!body.lost);
            body.lost = false;
        }
    }

    /** The way around the container's stream; null for a request whose body has to be read from the stream. */
    public static @Nullable StraightBody of(ServletRequest request) {
        return request.getAttribute(ATTRIBUTE) instanceof StraightBody body ? body : null;
    }

    /**
     * False when the container's stream must be read next: it has unread bytes, or it has to find the next chunk.
     *
     * @param available bytes that the container's stream has
     */
    public boolean isNext(int available) {
        if (available > 0) {
            return false;
        }
        if (inChunks && chunks.left() == 0) {
            chunks.betweenChunks();
            return false;
        }
        return true;
    }

    /**
     * Waits for bytes and puts them into {@code target}, beginning at its position, which does not move. Only when this
     * {@linkplain #isNext is next}.
     *
     * @param target with room
     * @return bytes put, at least 1; -1 at the body's end
     * @throws java.net.SocketTimeoutException when nothing came for the container's read timeout
     * @throws IOException when the connection is lost, or the client sends no more
     */
    public int read(ByteBuffer target) throws IOException {
        long left = inChunks ? chunks.left() : request.getContentLengthLong() - request.getBytesRead();
        if (left <= 0) {
            return -1;
        }
        if (request.getBytesRead() == 0) {
            request.action(ActionCode.ACK, ContinueResponseTiming.ON_REQUEST_BODY_READ);
        }
        ByteBuffer room = target.slice(target.position(), (int) Math.min(left, target.remaining()));
        int read = fill(room, (UploadSocket) connection.get());
        account(room.flip());
        return read;
    }

    private int fill(ByteBuffer room, UploadSocket socket) throws IOException {
        lost = true;
        int read = drained ? 0 : socket.readNow(room);
        while (read == 0) {
            read = awaitAndRead(room, socket);
        }
        lost = false;
        return read;
    }

    /** A body that waits keeps what it needs, and nothing else. */
    private int awaitAndRead(ByteBuffer room, UploadSocket socket) throws IOException {
        if (!waited) {
            waited = true;
            memory.giveBack();
            if (!inChunks) {
                head.shrink();
            }
        }
        socket.await();
        int read = socket.readNow(room);
        // On a slow line the next read would find nothing: the poller tells when there is more.
        drained = read < FEW && read < room.capacity();
        return read;
    }

    /** The container counts bytes as it passes them on from its buffer. */
    private void account(ByteBuffer bytes) throws IOException {
        Http11InputBuffer input = (Http11InputBuffer) request.getInputBuffer();
        ByteBuffer own = input.getByteBuffer();
        input.setByteBuffer(bytes);
        try {
            request.doRead(ApplicationBufferHandler.EMPTY);
        } finally {
            input.setByteBuffer(own);
        }
    }
}
