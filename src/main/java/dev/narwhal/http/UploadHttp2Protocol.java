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
 * HTTP/2 for long bodies from slow clients, over TLS and without. Where Tomcat's own settings would break an upload that
 * HTTP/1.1 carries, this says why it differs.
 */
final class UploadHttp2Protocol extends Http2Protocol {

    /** Uploads and other requests of one connection at a time: a browser has one connection for all its tabs. */
    static final int STREAMS = 100;

    private static final int RESET_FACTOR = 35;
    private static final int DEFAULT_WINDOW = 65_535;
    private static final int FRAME_HEADER = 9;
    private static final byte WINDOW_UPDATE = 8;
    private static final int MOST_EMPTY_FRAMES = 100;

    private final BodyBudget bodies;

    /**
     * @param bodies what all bodies may hold together
     * @param window bytes that a client may send ahead of what has been read, each upload for itself; Tomcat holds two
     *     buffers of that size for each body
     * @param silence after which a body is cut off, as over HTTP/1.1
     * @param stall after which an answer is given up whose client does not take it
     */
    UploadHttp2Protocol(BodyBudget bodies, int window, Duration silence, Duration stall) {
        this.bodies = bodies;
        setInitialWindowSize(window);
        setStreamReadTimeout(silence.toMillis());
        // Within a frame: on a slow line 16 KiB take longer than Tomcat's 5 seconds.
        setReadTimeout(silence.toMillis());
        // A paused video must not end the connection, with every upload on it, after Tomcat's 5 seconds.
        setStreamWriteTimeout(stall.toMillis());
        setWriteTimeout(stall.toMillis());
        setMaxConcurrentStreams(STREAMS);
        // A body that waits costs a virtual thread. With Tomcat's 20, twenty stalled uploads would stop all others.
        setMaxConcurrentStreamExecution(STREAMS);
        // A slow line's frames are small. Tomcat takes a dozen of less than 1 KiB for an attack and closes the
        // connection. Empty ones are counted below.
        setOverheadDataThreshold(0);
        // Kept ones, one for each of thousands of streams that there were once, would hold 33 KB each for ever.
        setDiscardRequestsAndResponses(true);
        // Each refused body costs a reset, less 20 for the request and 20 for the answer. With Tomcat's 50 a
        // connection, with
        // every upload on it, would be closed after ten refusals; with this it lasts, and a flood of resets ends it
        // still.
        setOverheadResetFactor(RESET_FACTOR);
    }

    /**
     * Whether a request over HTTP/1.1 may become the first one of HTTP/2. The client may only ask, and goes on over HTTP/1.1
     * where it may not. Tomcat would read a body into memory first, and answer 413 to one of more than 4 KiB. And it knows a
     * wrong window for the first answer, which then stops after 64 KiB: so no download.
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
     * What Tomcat does with a connection's flow of bytes, with two corrections, and with no buffer for a body that is not
     * admitted. Such a body's bytes are swallowed and its end is not noticed: so the request is answered, and its stream reset,
     * as with every body that is not read to its end.
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

        /** Before Tomcat gives the request to a thread of its own. */
        @Override
        public void headersEnd(int streamId, boolean endOfStream) {
            claims.headed(streamId);
            try {
                super.headersEnd(streamId, endOfStream && !claims.hasRefused(streamId));
            } catch (Exception e) {
                claims.abandoned(streamId);
                throw Connection.<RuntimeException>asItIs(e);
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
                throw Connection.<RuntimeException>asItIs(e);
            }
        }

        @Override
        public void reset(int streamId, long errorCode) {
            try {
                super.reset(streamId, errorCode);
            } catch (Exception e) {
                throw Connection.<RuntimeException>asItIs(e);
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
         * Tomcat gives the whole connection no larger a window than each of its streams. One body that nobody reads yet,
         * because the request waits for the upload's lease, would then stop all others of the connection.
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
         * Where to put the bytes of a body; null swallows them. Tomcat forgets the window of a stream that was refused before
         * its first byte came, takes what its client had sent by then for an offence, frame by frame, by an empty buffer,
         * and soon closes the connection for that.
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
                throw Connection.<RuntimeException>asItIs(e);
            }
        }

        /** Frames without a byte that end nothing cost more to read than to send: only an attacker sends many in a row. */
        private void countEmpty(int dataLength, boolean endOfStream) {
            emptyFrames = dataLength > 0 || endOfStream ? 0 : emptyFrames + 1;
            if (emptyFrames > MOST_EMPTY_FRAMES) {
                socketWrapper.close();
            }
        }

        /** The exception is checked, and its class is Tomcat's secret. */
        @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
        private static <E extends Exception> E asItIs(Exception e) throws E {
            throw (E) e;
        }
    }
}
