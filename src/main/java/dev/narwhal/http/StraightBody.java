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

    private final Request request;
    private final Supplier<SocketWrapperBase<?>> connection;
    private final RequestHead head;
    private final ParkedMemory memory;
    private final ChunkReader chunks;
    private boolean inChunks;
    private boolean waited;
    /** Nothing more will be read from the connection. */
    private boolean lost;

    private StraightBody(Request request, Supplier<SocketWrapperBase<?>> connection, ParkedMemory memory) {
        this.request = request;
        this.connection = connection;
        this.head = new RequestHead(request);
        this.memory = memory;
        this.chunks = new ChunkReader(request);
    }

    /** @param connection of the request that is being handled */
    static void prepare(Request request, Supplier<SocketWrapperBase<?>> connection, ParkedMemory memory) {
        request.setNote(NOTE, new StraightBody(request, connection, memory));
    }

    /** Called when the head has been read. The head of a request that the container refuses may have no length that is a number. */
    static void attachTo(Request request) {
        if (request.getNote(NOTE) instanceof StraightBody body) {
            body.memory.restore();
            boolean refused = request.getResponse().getStatus() >= BAD_REQUEST;
            if (!refused && body.connection.get() instanceof UploadSocket) {
                body.inChunks = body.chunks.isUsed();
                if (body.inChunks || request.getContentLengthLong() > 0) {
                    request.setAttribute(ATTRIBUTE, body);
                }
            }
        }
    }

    /** Called when the request has been answered. */
    static void detachFrom(Request request) {
        if (request.getNote(NOTE) instanceof StraightBody body) {
            body.waited = false;
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
        int read = socket.readNow(room);
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
            memory.forgetRead();
            if (!inChunks) {
                head.shrink();
            }
        }
        memory.giveBack();
        boolean goesOn = false;
        try {
            socket.await();
            int read = socket.readNow(room);
            goesOn = true;
            return read;
        } finally {
            memory.takeBack(!goesOn);
        }
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
