package dev.narwhal.http;

import java.nio.ByteBuffer;
import org.apache.tomcat.util.net.SocketBufferHandler;

/**
 * The buffers of a connection without TLS. The one for answers exists while it holds bytes; the other one for bytes
 * that were read too early.
 */
final class SocketBuffers extends SocketBufferHandler {

    private static final int READ = 64;
    private static final int WRITE = 8 << 10;
    private static final ByteBuffer NONE = ByteBuffer.allocate(0);

    private volatile ByteBuffer answer = NONE;
    private volatile boolean filling = true;

    SocketBuffers() {
        super(READ, 0, false);
    }

    /** Forgets the buffer for answers if it is empty; the next answer gets another one. */
    void giveBack() {
        if (isWriteBufferEmpty()) {
            reset();
        }
    }

    void makeRoomFor(int bytes) {
        if (getReadBuffer().capacity() < bytes) {
            super.expand(bytes);
        }
    }

    @Override
    public void configureWriteBufferForWrite() {
        if (answer == NONE) {
            answer = ByteBuffer.allocate(WRITE);
        } else if (!filling) {
            answer.compact();
        }
        filling = true;
    }

    @Override
    public void configureWriteBufferForRead() {
        if (filling) {
            answer.flip();
        }
        filling = false;
    }

    @Override
    public boolean isWriteBufferWritable() {
        return answer == NONE || (filling ? answer.hasRemaining() : !answer.hasRemaining());
    }

    @Override
    public ByteBuffer getWriteBuffer() {
        return answer;
    }

    @Override
    public boolean isWriteBufferEmpty() {
        return filling ? answer.position() == 0 : !answer.hasRemaining();
    }

    @Override
    public void reset() {
        super.reset();
        answer = NONE;
        filling = true;
    }
}
