package dev.narwhal.http;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import org.apache.tomcat.util.collections.SynchronizedStack;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.SocketEvent;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tomcat's endpoint with an {@link UploadSocket} for each connection without TLS. */
class UploadEndpoint extends AcceptLoggingEndpoint {

    private static final Logger log = LoggerFactory.getLogger(UploadEndpoint.class);

    /** As the method that it overrides, but for the class of the socket. */
    @Override
    protected boolean setSocketOptions(SocketChannel channel) {
        if (isSSLEnabled()) {
            return super.setSocketOptions(channel);
        }
        UploadSocket socket = null;
        try {
            NioChannel connection = connection();
            UploadSocket opened = new UploadSocket(connection, this);
            connection.reset(channel, opened);
            connections.put(channel, opened);
            socket = opened;
            prepare(channel, opened);
            return true;
        } catch (IOException | RuntimeException e) {
            log.warn("server.connection-failed reason=\"{}\"", e.getMessage());
            if (socket == null) {
                destroySocket(channel);
            }
            return false;
        } catch (Error e) {
            // Tomcat's acceptor closes no connection after an error.
            if (socket == null) {
                destroySocket(channel);
            } else {
                socket.close();
            }
            throw e;
        }
    }

    private NioChannel connection() {
        SynchronizedStack<NioChannel> pool = getNioChannels();
        NioChannel pooled = pool == null ? null : pool.pop();
        return pooled == null ? new NioChannel(new SocketBuffers()) : pooled;
    }

    private void prepare(SocketChannel channel, UploadSocket socket) throws IOException {
        channel.configureBlocking(false);
        socketProperties.setProperties(channel.socket());
        socket.setReadTimeout(getConnectionTimeout());
        socket.setWriteTimeout(getConnectionTimeout());
        socket.setKeepAliveLeft(getMaxKeepAliveRequests());
        getPoller().register(socket);
    }

    /** Wakes the reader of a body that waits for this event; otherwise a thread begins to process the event. */
    @Override
    public boolean processSocket(SocketWrapperBase<NioChannel> wrapper, SocketEvent event, boolean dispatch) {
        return wrapper instanceof UploadSocket socket && socket.wakeReader(event)
                || super.processSocket(wrapper, event, dispatch);
    }
}
