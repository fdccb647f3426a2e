package dev.narwhal.http;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.apache.coyote.Adapter;
import org.apache.coyote.Request;
import org.apache.coyote.http11.upgrade.InternalHttpUpgradeHandler;
import org.apache.coyote.http2.Http2AsyncUpgradeHandler;
import org.apache.coyote.http2.Http2Protocol;
import org.apache.tomcat.util.net.AbstractEndpoint.Handler.SocketState;
import org.apache.tomcat.util.net.SocketEvent;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/2 for long bodies from slow clients, with and without TLS. Each changed setting states how Tomcat's default
 * would break an upload that works over HTTP/1.1.
 */
final class UploadHttp2Protocol extends Http2Protocol {

    /** Concurrent requests of one connection: a browser has one connection for all its tabs. */
    static final int STREAMS = 100;

    private static final int RESET_FACTOR = 35;
    private static final int DEFAULT_WINDOW = 65_535;
    private static final int FRAME_HEADER = 9;
    private static final byte WINDOW_UPDATE = 8;
    private static final int MOST_EMPTY_FRAMES = 100;

    private final BodyBudget bodies;

    /**
     * @param bodies the budget of all bodies
     * @param window bytes that a client may send ahead of the server's reads, for each upload; Tomcat holds two buffers
     *     of that size for each body
     * @param silence after which the server ends a body, as over HTTP/1.1
     * @param stall after which the server ends an answer whose client does not read it
     */
    UploadHttp2Protocol(BodyBudget bodies, int window, Duration silence, Duration stall) {
        this.bodies = bodies;
        setInitialWindowSize(window);
        setStreamReadTimeout(silence.toMillis());
        // Limit within a frame: on a slow line 16 KiB take longer than Tomcat's 5 seconds.
        setReadTimeout(silence.toMillis());
        // A paused video must not end the connection, with every upload on it, after Tomcat's 5 seconds of stalled
        // writes.
        setStreamWriteTimeout(stall.toMillis());
        setWriteTimeout(stall.toMillis());
        setMaxConcurrentStreams(STREAMS);
        // A waiting body costs only a virtual thread. With Tomcat's limit of 20, twenty stalled uploads would stop all
        // others.
        setMaxConcurrentStreamExecution(STREAMS);
        // A slow line's frames are small. Tomcat treats a dozen frames of less than 1 KiB as an attack and closes the
        // connection. Empty ones are counted below.
        setOverheadDataThreshold(0);
        // Kept ones, one for each of thousands of streams that there were once, would hold 33 KB each for ever.
        setDiscardRequestsAndResponses(true);
        // Each refused body costs a reset, minus 20 for the request and 20 for the answer. With Tomcat's factor of 50
        // ten refusals would close a connection with every upload on it. With this factor it stays open, but a flood of
        // resets still closes it.
        setOverheadResetFactor(RESET_FACTOR);
    }

    /**
     * Whether an HTTP/1.1 request may upgrade to HTTP/2; otherwise it continues over HTTP/1.1. Not with a body: Tomcat
     * would read it into memory first, and answer 413 above 4 KiB. Not a GET: Tomcat uses a wrong window for the first
     * answer, so a download would stop after 64 KiB.
     */
    @Override
    public boolean accept(Request request) {
        boolean hasBody =
                request.getContentLengthLong() > 0 || request.getMimeHeaders().getHeader("Transfer-Encoding") != null;
        return !hasBody && !"GET".equals(request.getMethod()) && super.accept(request);
    }

    @Override
    public InternalHttpUpgradeHandler getInternalUpgradeHandler(
            SocketWrapperBase<?> socket, Adapter adapter, @Nullable Request request) {
        StreamClaims claims = new StreamClaims(bodies, HeapShares.http2Body(getInitialWindowSize()));
        return socket.hasAsyncIO()
                ? new Connection(this, claims, adapter, request, socket)
                : super.getInternalUpgradeHandler(socket, adapter, request);
    }

    /**
     * Tomcat's handler of a connection, with two corrections, and without a buffer for a body that is not admitted. It
     * discards such a body's bytes, including its end. So Tomcat answers the request and resets the stream, as with
     * every body that is not read to its end.
     */
    private static final class Connection extends Http2AsyncUpgradeHandler {

        private final StreamClaims claims;
        private int emptyFrames;

        Connection(
                Http2Protocol protocol,
                StreamClaims claims,
                Adapter adapter,
                @Nullable Request request,
                SocketWrapperBase<?> socket) {
            super(protocol, claims.claiming(adapter), request, socket);
            this.claims = claims;
        }

        /** Called before Tomcat gives the request to a thread. */
        @Override
        public void headersEnd(int streamId, boolean endOfStream) {
            claims.headed(streamId);
            try {
                super.headersEnd(streamId, endOfStream && !claims.hasRefused(streamId));
            } catch (Exception e) {
                claims.abandoned(streamId);
                throw Connection.<RuntimeException>sneakyThrow(e);
            }
        }

        @Override
        public void receivedEndOfStream(int streamId) {
            if (claims.hasRefused(streamId)) {
                return;
            }
            try {
                super.receivedEndOfStream(streamId);
            } catch (Exception e) {
                throw Connection.<RuntimeException>sneakyThrow(e);
            }
        }

        @Override
        public void reset(int streamId, long errorCode) {
            try {
                super.reset(streamId, errorCode);
            } catch (Exception e) {
                throw Connection.<RuntimeException>sneakyThrow(e);
            } finally {
                claims.abandoned(streamId);
            }
        }

        @Override
        public SocketState upgradeDispatch(SocketEvent status) {
            SocketState state = super.upgradeDispatch(status);
            if (state == SocketState.CLOSED) {
                claims.allAbandoned();
            }
            return state;
        }

        @Override
        public void destroy() {
            claims.allAbandoned();
            super.destroy();
        }

        /**
         * Tomcat gives the whole connection the window of a single stream. One unread body, whose request waits for the
         * upload's lease, would then stop all others of the connection.
         */
        @Override
        protected byte[] createWindowUpdateForSettings() {
            int window = Math.multiplyExact(protocol.getInitialWindowSize(), STREAMS);
            return ByteBuffer.allocate(FRAME_HEADER + Integer.BYTES)
                    .put(new byte[] {0, 0, Integer.BYTES, WINDOW_UPDATE})
                    .position(FRAME_HEADER)
                    .putInt(window - DEFAULT_WINDOW)
                    .array();
        }

        /**
         * The buffer for bytes of a body; null discards them. If a stream is refused before its first byte, Tomcat
         * loses the stream's window. It then has an empty buffer for the frames that the client had already sent,
         * counts each of them as an offence, and soon closes the connection.
         */
        @Override
        public @Nullable ByteBuffer startRequestBodyFrame(int streamId, int dataLength, boolean endOfStream) {
            countEmpty(dataLength, endOfStream);
            if (!claims.admits(streamId)) {
                return null;
            }
            try {
                ByteBuffer target = super.startRequestBodyFrame(streamId, dataLength, endOfStream);
                return target != null && target.capacity() == 0 ? null : target;
            } catch (Exception e) {
                throw Connection.<RuntimeException>sneakyThrow(e);
            }
        }

        /**
         * An empty frame that does not end the stream costs more to read than to send: only an attacker sends many in a
         * row.
         */
        private void countEmpty(int dataLength, boolean endOfStream) {
            emptyFrames = dataLength > 0 || endOfStream ? 0 : emptyFrames + 1;
            if (emptyFrames > MOST_EMPTY_FRAMES) {
                socketWrapper.close();
            }
        }

        /** The exception is checked, and its class is private to Tomcat. */
        @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
        private static <E extends Exception> E sneakyThrow(Exception e) throws E {
            throw (E) e;
        }
    }
}
