package dev.narwhal.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.apache.tomcat.util.collections.SynchronizedStack;
import org.apache.tomcat.util.net.NioChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A connection that cannot be prepared is closed, and is no longer counted. */
class UploadEndpointTest {

    private ServerSocketChannel listening;
    private SocketChannel client;
    private SocketChannel accepted;

    @BeforeEach
    void accept() throws IOException {
        listening = ServerSocketChannel.open().bind(null);
        client = SocketChannel.open(listening.getLocalAddress());
        accepted = listening.accept();
    }

    @AfterEach
    void close() throws IOException {
        accepted.close();
        client.close();
        listening.close();
    }

    /** Has no memory for its n-th step with a connection: before the connection has a socket of ours, or after. */
    private static final class Exhausted extends UploadEndpoint {

        private final int step;
        private int steps;

        Exhausted(int step) throws InterruptedException {
            this.step = step;
            setMaxConnections(10);
            countUpOrAwaitConnection();
        }

        private void step() {
            if (++steps == step) {
                throw new OutOfMemoryError("as when the heap is full");
            }
        }

        @Override
        protected SynchronizedStack<NioChannel> getNioChannels() {
            step();
            return super.getNioChannels();
        }

        @Override
        public int getConnectionTimeout() {
            step();
            return super.getConnectionTimeout();
        }

        int known() {
            return connections.size();
        }
    }

    private void assertCleanedUp(Exhausted endpoint) {
        assertThat(endpoint.getConnectionCount()).isEqualTo(1);

        assertThatThrownBy(() -> endpoint.setSocketOptions(accepted)).isInstanceOf(OutOfMemoryError.class);

        assertThat(accepted.isOpen()).isFalse();
        assertThat(endpoint.getConnectionCount()).isZero();
        assertThat(endpoint.known()).isZero();
    }

    @Test
    void noMemoryForTheSocket_closesTheConnection() throws Exception {
        assertCleanedUp(new Exhausted(1));
    }

    @Test
    void noMemoryAfterTheSocketIsKnown_closesTheConnection() throws Exception {
        assertCleanedUp(new Exhausted(3));
    }
}
