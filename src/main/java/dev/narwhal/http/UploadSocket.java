package dev.narwhal.http;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.locks.LockSupport;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.SocketEvent;
import org.jspecify.annotations.Nullable;

/**
 * A connection without TLS, whose reads fill the caller's whole buffer. Tomcat's own never read more than its small
 * buffer holds, and wait with a monitor and a timer for each read. This one parks the reader; Tomcat's poller wakes it
 * when bytes have come, or when the read timeout has passed, for which the poller looks every second.
 */
final class UploadSocket extends NioEndpoint.NioSocketWrapper {

    private static final ByteBuffer COUNTED = ByteBuffer.allocate(8 << 10);

    private final SocketBuffers buffers;
    /** The thread that waits for bytes. */
    private volatile @Nullable Thread reader;

    private volatile boolean stopped;

    /** Stands for bytes that {@link #sendNow} has sent, in the container's account; its content is never read. */
    private @Nullable ByteBuffer sent;

    /** Sends bytes to the client's channel, which does not block. */
    @FunctionalInterface
    interface Sender {

        /** @return bytes sent */
        long send(WritableByteChannel channel) throws IOException;
    }

    /** Takes bytes of an answer. */
    @FunctionalInterface
    interface Account {
        void take(ByteBuffer bytes) throws IOException;
    }

    UploadSocket(NioChannel channel, NioEndpoint endpoint) {
        super(channel, endpoint);
        this.buffers = (SocketBuffers) channel.getBufHandler();
    }

    @Override
    public int read(boolean block, ByteBuffer to) throws IOException {
        if (block) {
            return readBlocking(to);
        }
        return readNow(to);
    }

    /**
     * Waits for bytes and reads as many as there are, but no more than {@code to} has room for.
     *
     * @param to with room
     * @return at least 1
     * @throws java.net.SocketTimeoutException when nothing came for the read timeout
     * @throws EOFException when the client sends no more, or there is no room: both end the connection
     */
    int readBlocking(ByteBuffer to) throws IOException {
        int read = readNow(to);
        while (read == 0) {
            await();
            read = readNow(to);
        }
        return read;
    }

    /** As {@link #readBlocking}, but does not wait: 0 when there are no bytes now. */
    int readNow(ByteBuffer to) throws IOException {
        int returned = populateReadBuffer(to);
        if (returned > 0) {
            return returned;
        }
        int read = to.hasRemaining() ? getSocket().read(to) : -1;
        if (read < 0) {
            throw new EOFException();
        }
        if (read > 0) {
            updateLastRead();
        }
        return read;
    }

    /** Waits until there may be bytes. Only one thread may wait. */
    void await() throws IOException {
        buffers.giveBack();
        // The silence begins now: before, the reader may have waited for the disk.
        updateLastRead();
        reader = Thread.currentThread();
        if (isClosed()) {
            throw new ClosedChannelException();
        }
        registerReadInterest();
        while (reader != null) {
            LockSupport.park(this);
            // As in Tomcat's own wait: an interrupt does not end the body.
            boolean unused = Thread.interrupted();
        }
        checkError();
        if (stopped) {
            throw new EOFException();
        }
    }

    /** @return false when no thread waits for bytes */
    boolean wakeReader(SocketEvent event) {
        if (event == SocketEvent.STOP) {
            stopped = true;
        }
        Thread waiting = reader;
        if (waiting == null) {
            return false;
        }
        reader = null;
        LockSupport.unpark(waiting);
        return true;
    }

    /** Lets the sender send bytes of an answer now. Whatever the container holds back must have been flushed before. */
    int sendNow(Sender sender) throws IOException {
        int count = (int) sender.send(getSocket().getIOChannel());
        if (count > 0) {
            updateLastWrite();
        }
        return count;
    }

    /**
     * Passes as many bytes through the container as have been sent, and drops them at their end.
     *
     * @throws IOException also when the container takes none, since it then counts none of those that were sent
     */
    void account(int bytes, Account account) throws IOException {
        ByteBuffer counted = COUNTED.duplicate();
        sent = counted;
        try {
            for (int left = bytes; left > 0; left -= counted.position()) {
                account.take(counted.clear().limit(Math.min(left, counted.capacity())));
                if (counted.position() == 0) {
                    throw new IOException("The container took none of the bytes that were sent");
                }
            }
        } finally {
            sent = null;
        }
    }

    @Override
    protected void writeBlocking(ByteBuffer from) throws IOException {
        if (from == sent) {
            from.position(from.limit());
        } else {
            super.writeBlocking(from);
        }
    }

    /** Tomcat returns bytes that came with the head of a request for another protocol. */
    @Override
    public void unRead(@Nullable ByteBuffer returned) {
        if (returned != null) {
            buffers.makeRoomFor(returned.remaining());
        }
        super.unRead(returned);
    }

    @Override
    protected void doClose() {
        super.doClose();
        boolean unused = wakeReader(SocketEvent.DISCONNECT);
    }
}
